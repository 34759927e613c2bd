"""Tydlig as it is started and asked: cold start, memory, cost by number of conversations, one call of the API."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.tagger import WEIGHTS, Tagger, load_tagger
from evaluation.texts import long_conversations, redacted, shuffled, unseen, write_lines
from evaluation.timing import Spread, alternate, progress, significant, spread, weigh
from models.tags import TaggerName
from models.values import Conversation

Table = list[dict[str, Any]]
NAMES: tuple[TaggerName, ...] = ("fast", "full", "cascade")
TYDLIG = str(Path(sys.executable).with_name("tydlig"))
STARTS, SCALE_ROUNDS, CALL_ROUNDS = 11, 3, 11
COUNTS = (100, 1_000, 10_000, 100_000)
AT_ONCE = 10_000
TURNS = 20
LONG_CONVERSATIONS = 10
WAIT_SECONDS = 120
MEMORY_FLOORS = {"fast": 500, "full": 1000, "cascade": 1000}  # MB

IMPORTS = "import numpy, tokenizers"
BYTES = f"{IMPORTS}, pathlib; [path.read_bytes() for path in pathlib.Path({str(WEIGHTS / 'fast')!r}).rglob('*.*')]"
FILES = f"""
{IMPORTS}
from pathlib import Path
from safetensors.numpy import load_file
for path in Path({str(WEIGHTS / "fast")!r}).rglob("*.*"):
    if path.suffix == ".safetensors":
        load_file(path)
    elif path.suffix == ".npz":
        dict(numpy.load(path))
    elif path.name == "tokenizer.json":
        tokenizers.Tokenizer.from_file(str(path))
"""


def start() -> dict[str, Table]:
    """A cold ``tydlig tag`` of one message, beside what it cannot do without."""
    with TemporaryDirectory() as folder:
        message = Path(folder) / "message.jsonl"
        message.write_text('{"id": "1", "turns": [{"text": "Why is there a fee on my invoice?"}]}\n', encoding="utf-8")
        tag = [TYDLIG, "tag", "--tagger", "fast", str(message), "-o", os.devnull]
        python = [sys.executable, "-c"]
        commands = {
            "imports": [*python, IMPORTS],
            "imports, and the weights' bytes": [*python, BYTES],
            "imports, and the weights' files loaded": [*python, FILES],
            "tydlig tag --tags-only": [*tag, "--tags-only"],
            "tydlig tag": tag,
        }
        took = alternate({name: partial(call, command) for name, command in commands.items()}, STARTS)
    rows = [
        {"process": name, "ms": significant(1000 * each.median), **reach(each, 1000)} for name, each in took.items()
    ]
    return {f"The imports are `{IMPORTS}`; one message, fast tagger.": rows, "Against what is allowed": [allowed(took)]}


def allowed(took: Mapping[str, Spread]) -> dict[str, float | str]:
    """Twice the imports plus what the files cost on top of one of them."""
    imports, _, loaded, tags_only, _ = (each.median for each in took.values())
    most = 2 * imports + (loaded - imports)
    kept = "yes" if tags_only <= most else "no"
    return {"allowed, ms": significant(1000 * most), "taken, ms": significant(1000 * tags_only), "kept": kept}


def call(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (commands of our own)


def reach(measured: Spread, factor: float = 1) -> dict[str, str]:
    low, high = significant(measured.low * factor), significant(measured.high * factor)
    return {"least – most": f"{low:g} – {high:g}", "n": str(measured.n)}


def memory(count: int = 2_000) -> dict[str, Table]:
    """The most memory that ``tydlig tag`` holds."""
    rows = []
    with TemporaryDirectory() as folder:
        path = write_lines(Path(folder) / "conversations.jsonl", count)
        for name in NAMES:
            progress(f"memory: {name}")
            command = [TYDLIG, "tag", "--tagger", name, str(path), "-o", os.devnull]
            with_turns, bare = weigh(command).megabytes, weigh([*command, "--tags-only"]).megabytes
            held = {"MB": round(with_turns), "MB, --tags-only": round(bare), "at most": MEMORY_FLOORS[name]}
            rows.append({"tagger": name, **held})
    return {f"The most that `tydlig tag` holds for {count:,} conversations:": rows}


def scale(counts: Sequence[int] = COUNTS) -> dict[str, Table]:
    """What a conversation costs the fast tagger, by how many there are."""
    took: dict[int, list[float]] = {count: [] for count in counts}
    held = dict.fromkeys(counts, 0.0)
    for turn in range(SCALE_ROUNDS):
        for count in counts if turn % 2 == 0 else reversed(counts):
            weighed = weigh([sys.executable, "-c", f"from evaluation.processes import tag_many; tag_many({count})"])
            took[count].append(float(weighed.said))
            held[count] = max(held[count], weighed.megabytes)
            progress(f"scale: {count:,} conversations in {weighed.said} s, {weighed.megabytes:.0f} MB")
    each = {count: spread(took[count]).per(count) for count in counts}
    rows = [
        {
            "conversations": count,
            "µs each": significant(cost.median * 1e6),
            **reach(cost, 1e6),
            "MB": round(held[count]),
        }
        for count, cost in each.items()
    ]
    return {"The fast tagger, on texts that are never the same:": rows}


def tag_many(count: int) -> None:
    """Print the seconds that the fast tagger takes, reading and making of the conversations aside."""
    tagger, conversations, taken = load_tagger("fast"), shuffled(count), 0.0
    tagger.tag(list(shuffled(20, seed=1)))
    while several := list(islice(conversations, AT_ONCE)):
        begin = time.perf_counter()
        tagger.tag(several)
        taken += time.perf_counter() - begin
    print(taken)


def calls() -> dict[str, Table]:
    """``POST /v1/tag`` of a long conversation beside the tagger's and redaction's own time on it."""
    conversations = long_conversations(unseen(), TURNS)[:LONG_CONVERSATIONS]
    bare = redacted(conversations)
    redactor = Redactor.from_folder(REDACTION_WEIGHTS)
    rows = []
    for name in NAMES:
        progress(f"calls: {name}")
        with TemporaryDirectory() as home, serving(Path(home), name) as client:
            tasks: dict[str, Callable[[], object]] = {
                "call": partial(for_each, conversations, partial(ask, client)),
                "tagging": partial(for_each, bare, partial(tag_one, load_tagger(name))),
                "redaction": partial(for_each, conversations, redactor.redact),
            }
            took = alternate(tasks, CALL_ROUNDS)
        rows.append(call_row(name, {what: one.per(len(conversations)) for what, one in took.items()}))
    return {f"One conversation of {TURNS} turns, milliseconds. The call is to take at most 3 times the tagger.": rows}


def for_each(conversations: Sequence[Conversation], task: Callable[[Conversation], object]) -> None:
    for conversation in conversations:
        task(conversation)


def tag_one(tagger: Tagger, conversation: Conversation) -> None:
    tagger.tag([conversation])


def ask(client: httpx.Client, conversation: Conversation) -> None:
    client.post("/v1/tag", json=conversation.model_dump(mode="json")).raise_for_status()


def call_row(name: str, took: dict[str, Spread]) -> dict[str, Any]:
    row: dict[str, Any] = {"tagger": name}
    for what, one in took.items():
        row |= {what: significant(1000 * one.median), f"{what}, least – most": reach(one, 1000)["least – most"]}
    call, own, redaction = (took[what].median for what in ("call", "tagging", "redaction"))
    return {
        **row,
        "call / tagging": significant(call / own),
        "call / (tagging + redaction)": significant(call / (own + redaction)),
    }


@contextmanager
def serving(home: Path, tagger: TaggerName) -> Iterator[httpx.Client]:
    """An API of its own, with its models loaded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    settings = {"TYDLIG_HOME": str(home), "TYDLIG_API_PORT": port, "TYDLIG_TAGGER": tagger}
    process = subprocess.Popen([TYDLIG, "serve"], env=os.environ | settings, stdout=subprocess.DEVNULL)  # noqa: S603 (a command of our own)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            wait_until_loaded(client, process)
            yield client
    finally:
        process.terminate()
        process.wait()


def wait_until_loaded(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Raises TimeoutError after two minutes, ChildProcessError where the server ends by itself."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ChildProcessError("the server stopped by itself")
        try:
            if client.get("/healthz").json()["model_version"] is not None:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")
