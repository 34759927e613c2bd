"""The short way of ``tydlig tag … --tagger fast --tags-only``: told from the long one by its speed alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.start import BareTagging, bare_tagging
from ingest.conversations.record import conversation_from
from ingest.plain import plain
from ingest.source import Item, Source

ROOT = Path(__file__).parents[2]
BARE = ["--tagger", "fast", "--tags-only"]
SLOW = {"torch", "pydantic", "pydantic_settings", "typer", "rich", "sqlalchemy", "spacy", "scipy", "fastapi"}
TURN = {"speaker": "customer", "text": "Vad är fakturaavgiften på 49 kr för något?"}
GOOD = {"id": "a-1", "turns": [TURN, {"text": "ok", "offset_seconds": 3}], "language": "sv", "mood": 3}
BROKEN = [{"id": "", "turns": [TURN]}, {"id": "x", "turns": "ring 070-1234567"}, {"id": "y", "turns": [{"text": " "}]}]


def written(path: Path, *records: Any) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def run(module: str, *arguments: str, cwd: Path) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", module, "tag", *arguments, *BARE],
        cwd=cwd,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    return done.returncode, done.stdout, done.stderr


def test_a_message_is_tagged_without_what_is_slow_to_load(tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", GOOD)
    program = (
        "import atexit, sys\nfrom api.start import main\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "tag", "in.jsonl", *BARE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["id"] == "a-1"
    loaded = set(done.stderr.decode().split())
    assert "classify.fast" in loaded
    assert not SLOW & loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ["in.jsonl"],
        ["in.jsonl", "-o", "out.jsonl"],
        ["in.jsonl", "--output=in.jsonl"],
        ["in.jsonl", "-o", "nowhere/out.jsonl"],
        ["missing.jsonl"],
        ["empty.jsonl"],
        ["."],
    ],
)
def test_the_short_way_answers_as_the_long_one_does(arguments: list[str], tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", GOOD, *BROKEN, GOOD | {"id": 7, "channel": "voice", "handling_seconds": "1_0"})
    (tmp_path / "empty.jsonl").touch()
    answers = []
    for module in ("api.cli", "api.start"):
        answers.append((run(module, *arguments, cwd=tmp_path), sorted(path.name for path in tmp_path.iterdir())))
        answers[-1] += ((tmp_path / "out.jsonl").read_bytes(),) if (tmp_path / "out.jsonl").exists() else ()
    assert answers[0] == answers[1]


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", *[GOOD] * 2000)
    command = f"{sys.executable} -m api.start tag in.jsonl {' '.join(BARE)} | head -c 10"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b'{"id":"a-1', b"")


@pytest.mark.parametrize(
    "arguments",
    [
        "tag in.jsonl -o out.jsonl --tagger fast --tags-only",
        "tag --tags-only --tagger=fast --output=out.jsonl in.jsonl",
        "tag --output out.jsonl --tagger full in.jsonl --tags-only --tagger fast",
    ],
)
def test_order_and_spelling_do_not_matter(arguments: str) -> None:
    assert bare_tagging(arguments.split()) == BareTagging(Path("in.jsonl"), Path("out.jsonl"))


def test_stdin_and_stdout_are_written_as_a_dash() -> None:
    assert bare_tagging(["tag", "-", *BARE]) == BareTagging(Path("-"), Path("-"))


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "--help",
        "tag",
        "tag --help",
        "--tags-only tag in.jsonl --tagger fast",
        "tag -o=out.jsonl in.jsonl --tagger fast --tags-only",
        "tag in.jsonl --tags-only --tagger fast --help",
        "tag in.jsonl --tags-only",
        "tag in.jsonl --tagger fast",
        "tag in.jsonl --tagger full --tags-only",
        "tag in.jsonl other.jsonl --tagger fast --tags-only",
        "tag --tagger fast --tags-only",
        "tag in.jsonl --tags-only --tagger",
        "tag in.jsonl --tagger fast --tags-only --output",
        "tag in.jsonl --tagger fast --tags-only=1",
        "tag in.jsonl --tagger fast --tags",
        "evaluate in.jsonl --tagger fast --tags-only",
    ],
)
def test_all_else_is_left_to_the_command_line(arguments: str) -> None:
    assert bare_tagging(arguments.split()) is None


@pytest.mark.parametrize(
    "record",
    [
        GOOD,
        GOOD | {"id": 7, "channel": "voice", "queue": 3, "language": ["sv"], "handling_seconds": "long"},
        GOOD | {"turns": [{"speaker": "Agent 7", "text": None}, TURN | {"offset_seconds": -1}]},
        GOOD | {"language": None, "handling_seconds": True},
    ],
)
def test_what_is_plainly_well_formed_reads_as_the_full_check_reads_it(record: dict[str, Any], tmp_path: Path) -> None:
    read = plain(record)
    checked = conversation_from(record, Source(tmp_path), 1)
    assert read is not None
    assert isinstance(checked, Item)
    assert (read.id, read.language) == (checked.value.id, checked.value.language)
    assert [tuple(turn) for turn in read.turns] == [(turn.speaker, turn.text) for turn in checked.value.turns]


@pytest.mark.parametrize(
    "record", [*BROKEN, [], 3, {}, GOOD | {"id": "x" * 201}, GOOD | {"turns": []}, GOOD | {"turns": [3]}]
)
def test_what_the_full_check_refuses_is_never_plain(record: Any, tmp_path: Path) -> None:
    assert not isinstance(conversation_from(record, Source(tmp_path), 1), Item)
    assert plain(record) is None
