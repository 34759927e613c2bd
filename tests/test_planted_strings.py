"""Unusual strings of every kind of personal data go in by every door; afterwards no byte anywhere holds one of them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, WebSocket
from sqlalchemy import create_engine, inspect, text
from stdnum import luhn

from ingest.hashing import ReferenceHasher
from models.values import PiiKind
from tests.ingest.written import register
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parents[1]

NATIONAL_ID = "880713-941" + luhn.calc_check_digit("880713941")
CARD = "4917 6112 9080 334" + luhn.calc_check_digit("491761129080334")
OCR = "7719040083126" + luhn.calc_check_digit("7719040083126")
INVOICE, CUSTOMER = "73910264", "5512907"
PLANTED = {
    PiiKind.PERSON: "Osgerd Quistbrink",
    PiiKind.ADDRESS: "Zwirkelvägen 8817",
    PiiKind.PHONE: "070-918 27 36",
    PiiKind.EMAIL: "osq.plant@kvarnmejl.example",
    PiiKind.NATIONAL_ID: NATIONAL_ID,
    PiiKind.CARD: CARD,
    PiiKind.ACCOUNT: "SE35 5000 0000 0549 1000 0003",
    PiiKind.PAYMENT_REFERENCE: OCR,
    PiiKind.INVOICE_NUMBER: INVOICE,
    PiiKind.CUSTOMER_NUMBER: CUSTOMER,
}
SENTENCES = (
    f"Hej, jag heter {PLANTED[PiiKind.PERSON]} och bor på {PLANTED[PiiKind.ADDRESS]}.",
    f"Mitt personnummer är {NATIONAL_ID}, ring {PLANTED[PiiKind.PHONE]} eller skriv till {PLANTED[PiiKind.EMAIL]}.",
    f"Kortet är {CARD} och mitt konto {PLANTED[PiiKind.ACCOUNT]}.",
    f"Det gäller faktura {INVOICE}, OCR {OCR}, kundnummer {CUSTOMER}. Varför kom en påminnelse?",
)
ALL_IN_ONE = " ".join(SENTENCES)
CALLED_AT = datetime.now(UTC).isoformat()
SHORTEST_DIGITS = 6  # shorter runs of digits stand by chance in hashes and times


def traces() -> dict[str, bytes]:
    """What to look for: each string, its words, and its digits alone."""
    found = set()
    for planted in PLANTED.values():
        found |= {planted, planted.casefold(), json.dumps(planted).strip('"')}
        found |= {word for word in re.findall(r"[^\W\d_]+", planted) if len(word) > 5 and word != "example"}
        digits = re.sub(r"\D", "", planted)
        if len(digits) >= SHORTEST_DIGITS:
            found.add(digits)
    return {trace: trace.encode() for trace in found}


def found_in(content: bytes) -> list[str]:
    """Traces in some bytes, also as UTF-16."""
    lower = content.lower()
    return [
        trace
        for trace, coded in traces().items()
        if coded.lower() in lower or trace.lower().encode("utf-16-le") in lower
    ]


def found_below(folder: Path) -> dict[str, list[str]]:
    """Traces by file, in every byte of every file below a folder and in the files' names."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: hits for name, path in files.items() if (hits := found_in(name.encode() + path.read_bytes()))}


def record(id: str, **fields: object) -> dict[str, object]:
    turns = [{"speaker": "customer", "text": sentence} for sentence in SENTENCES]
    return {"id": id, "language": "sv", "turns": turns, **fields}


def broken() -> str:
    """Lines that cannot be read, each with everything planted."""
    return "\n".join(
        [
            f'{{"id": "b1", "turns": "{ALL_IN_ONE}"}}',
            f"{{nope {ALL_IN_ONE}",
            json.dumps(record("b2", started_at=ALL_IN_ONE)),
            json.dumps({"id": "b3", "turns": [{"speaker": ALL_IN_ONE, "text": ALL_IN_ONE}]}),
            json.dumps(record("b4", handling_seconds=ALL_IN_ONE, channel=ALL_IN_ONE)),
        ]
    )


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Files to import: good ones, and one of each format with something broken after good lines."""
    folder = tmp_path / "given"
    folder.mkdir()
    known = record("c0", customer_number=CUSTOMER, invoice_number=INVOICE)
    (folder / "good.jsonl").write_text(f"{json.dumps(known)}\n", encoding="utf-8")
    (folder / "broken.jsonl").write_text(f"{json.dumps(record('c1'))}\n{broken()}\n", encoding="utf-8")
    rows = [f'k{n},customer,"{sentence}",{n}\n' for n, sentence in enumerate(SENTENCES)]
    bad = f'k9,"{ALL_IN_ONE}","{ALL_IN_ONE}","{ALL_IN_ONE}"\n'
    head = "conversation_id,speaker,text,offset_seconds\n"
    (folder / "broken.csv").write_text(head + "".join(rows) + bad, encoding="utf-8")
    invoice = {"number": INVOICE, "customer_number": CUSTOMER, "payment_reference": OCR}
    other = {"number": "1", "customer_number": CUSTOMER, "payment_reference": OCR, "amount": PLANTED[PiiKind.PERSON]}
    (folder / "register.csv").write_text(register(invoice, other), encoding="utf-8")
    return folder


def may_write(folder: Path) -> Path:
    """All that processes may write: their home, their caches, their temporary files."""
    for name in ("home", "temporary", "user"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return may_write(tmp_path / "kept")


def environment(kept: Path, **settings: str) -> dict[str, str]:
    folders = {"TYDLIG_HOME": "home", "TMPDIR": "temporary", "HOME": "user", "XDG_CACHE_HOME": "user"}
    paths = {name: str(kept / folder) for name, folder in folders.items()}
    return (
        os.environ
        | {"PYTHONPATH": str(ROOT), "TYDLIG_TAGGER": "fast", "PYTHONDONTWRITEBYTECODE": "1"}
        | paths
        | settings
    )


def run(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    code = [sys.executable, "-m", "api.cli", *command]
    return subprocess.run(code, env=env, cwd=ROOT, capture_output=True, check=False)


def rows_of(url: str) -> bytes:
    """Every value of every column of every table, as text."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in inspect(engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    engine.dispose()
    return "\n".join(rows).encode()


def test_the_search_finds_what_is_planted(tmp_path: Path) -> None:
    for kind, planted in PLANTED.items():
        (tmp_path / "a").write_text(f"x{planted}x", encoding="utf-8")
        (tmp_path / "b").write_bytes(f"x{planted}".encode("utf-16-le"))
        assert found_below(tmp_path).keys() == {"a", "b"}, kind
    assert found_in(f"a number without its spaces: {CARD.replace(' ', '')}".encode())


def test_files_good_and_broken_leave_only_keyed_hashes_behind_whatever_the_key(
    given: Path, kept: Path, database_url: str
) -> None:
    env = environment(kept, TYDLIG_DATABASE_URL=database_url)
    for command, code, told in ((["import", str(given)], 1, b"broken.jsonl"), (["key", "rotate"], 0, b"new layer")):
        done = run(command, env)
        said = done.stdout + done.stderr
        assert (done.returncode, told in said, found_in(said)) == (code, True, []), command
        assert found_below(kept) == {}
        stored = rows_of(database_url)
        assert b"[PERSON_1]" in stored
        assert found_in(stored) == []
        hasher = ReferenceHasher((kept / "home" / "key").read_bytes())
        for kind in (PiiKind.PAYMENT_REFERENCE, PiiKind.INVOICE_NUMBER, PiiKind.CUSTOMER_NUMBER):
            assert hasher.hash(kind, PLANTED[kind]).encode() in stored, kind


def test_a_sqlite_database_holds_none_of_it_in_any_byte(given: Path, kept: Path) -> None:
    for command in (["import", str(given)], ["key", "rotate"]):
        run(command, environment(kept))
        assert (kept / "home" / "tydlig.db").stat().st_size > 0
        assert found_below(kept) == {}


# Imports a file with the shipped redactor and stops for good once some of it is stored.
HELD = """
import sys, time
from pathlib import Path
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from ingest.hashing import ReferenceHasher
from ingest.organisation import ensure_organisation
from ingest.pipeline import Tools, import_paths
from models.database import make_engine, transaction, upgrade
from tests.ingest.stand_ins import WordTagger

engine = make_engine(sys.argv[1])
upgrade(engine)
with transaction(engine) as session:
    organisation = ensure_organisation(session, "main", None, "SEK", None).id

def hold(progress):
    if progress.items > 1:
        print("held", flush=True)
        time.sleep(600)

tools = Tools(WordTagger(), Redactor.from_folder(REDACTION_WEIGHTS), ReferenceHasher(b"k" * 32))
import_paths(engine, organisation, [Path(sys.argv[2])], tools, hold)
"""
MANY = 400


def test_a_killed_import_leaves_none_of_it_behind(tmp_path: Path, kept: Path) -> None:
    many = tmp_path / "many.jsonl"
    lines = (json.dumps(record(f"c{n}", customer_number=CUSTOMER)) for n in range(MANY))
    many.write_text("\n".join(lines) + f"\n{broken()}\n", encoding="utf-8")
    command = [sys.executable, "-c", HELD, f"sqlite:///{kept / 'home' / 'tydlig.db'}", str(many)]
    with subprocess.Popen(
        command, env=environment(kept), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        while_running = found_below(kept)
        process.send_signal(signal.SIGKILL)
        output = process.stdout.read()
    assert (while_running, found_in(output)) == ({}, [])
    assert any(path.name.startswith("tydlig.db") for path in (kept / "home").iterdir())
    assert found_below(kept) == {}


def test_tagging_a_file_writes_none_of_it(given: Path, kept: Path) -> None:
    output = kept / "home" / "tags.jsonl"
    done = run(["tag", str(given / "broken.jsonl"), "--output", str(output)], environment(kept))
    assert b"[PERSON_1]" in output.read_bytes()
    assert found_in(done.stdout + done.stderr) == []
    assert found_below(kept) == {}


@contextmanager
def started(command: str, env: dict[str, str], kept: Path) -> Iterator[subprocess.Popen[bytes]]:
    code = [sys.executable, "-m", "api.cli", command]
    with (kept / command).open("wb") as said:
        process = subprocess.Popen(
            code, env=env, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # the dashboard is a process of the command's own
            process.wait()


class Servers(NamedTuple):
    api: str
    dashboard: str
    kept: Path


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """API and dashboard as processes that write what they say to files in ``kept`` too."""
    kept = may_write(tmp_path_factory.mktemp("served") / "kept")
    ports = {"API_PORT": free_port(), "DASHBOARD_PORT": free_port()}
    api, dashboard = (f"http://127.0.0.1:{port}" for port in ports.values())
    settings = {f"TYDLIG_{name}": str(port) for name, port in ports.items()}
    env = environment(kept, TYDLIG_API_URL=api, **settings)
    with started("serve", env, kept) as serve, started("dashboard", env, kept) as show:
        wait_for(f"{api}/healthz", serve)
        wait_for(f"{dashboard}/_stcore/health", show)
        yield Servers(api, dashboard, kept)


@pytest.fixture
def client(servers: Servers) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{servers.api}/v1", timeout=60, trust_env=False) as client:
        yield client


def stored(client: httpx.Client) -> httpx.Response:
    known = record("c0", customer_number=CUSTOMER, invoice_number=INVOICE, started_at=CALLED_AT)
    return client.post("/conversations", json=known)


def test_the_api_stores_answers_and_logs_none_of_it(client: httpx.Client, servers: Servers) -> None:
    assert stored(client).is_success
    assert client.post("/tag", json=record("t0")).is_success
    (read,) = client.get("/conversations").json()["items"]
    answers = [
        stored(client),
        client.post("/tag", json=record("t0")),
        client.get(f"/conversations/{read['id']}"),
        client.post("/conversations", json=record("c0", started_at=ALL_IN_ONE)),
        client.post("/conversations", json=[record("c1"), {"id": "c2", "turns": ALL_IN_ONE}]),
        client.post("/tag", json={"id": "c3", "turns": [{"speaker": ALL_IN_ONE, "text": ALL_IN_ONE}]}),
        client.post("/conversations", content=f"{{nope {ALL_IN_ONE}".encode()),
        client.post(f"/conversations/{read['id']}/corrections", json={"primary": ALL_IN_ONE}),
        client.get("/overview", params={"since": ALL_IN_ONE, "reason": ALL_IN_ONE}),
    ]
    assert [answer.is_success for answer in answers] == [True] * 3 + [False] * 2 + [True] + [False] * 3
    assert b"[PERSON_1]" in answers[2].content
    for answer in answers:
        assert found_in(answer.content) == [], answer.url.path
    assert found_below(servers.kept) == {}


def test_the_dashboard_sends_and_shows_none_of_it(client: httpx.Client, servers: Servers, browser: Browser) -> None:
    assert stored(client).is_success
    (read,) = client.get("/conversations").json()["items"]
    page, frames = browser.new_page(), list[str | bytes]()

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))  # noqa: PLW0108 (a bound method is not taken)

    page.on("websocket", listen)
    page.goto(f"{servers.dashboard}/conversation?id={read['id']}")
    page.locator(".chat", has_text="[PERSON_1]").first.wait_for(state="attached", timeout=60_000)
    page.wait_for_selector("[data-test-script-state=notRunning]")
    sent = b"\n".join(frame.encode() if isinstance(frame, str) else frame for frame in frames)
    assert b"[PERSON_1]" in sent
    assert found_in(sent + page.content().encode()) == []
    page.close()
    assert found_below(servers.kept) == {}
