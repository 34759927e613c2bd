"""``tydlig tag`` as it is typed: a file in, a file out, no database, one line for whatever is wrong."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOOD = json.dumps(
    {
        "id": "a-1",
        "turns": [
            {"speaker": "customer", "text": "Hej, Anna Lindqvist här. Vad är fakturaavgiften på 49 kr för något?"}
        ],
    }
)
OTHER = json.dumps(
    {
        "id": "a-2",
        "mood": 3,
        "turns": [{"speaker": "agent", "text": "Hello"}, {"speaker": "customer", "text": "I never got an invoice."}],
    }
)


def tydlig(*arguments: str | Path, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=cwd,
        input=given,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "TYDLIG_TAGGER": "fast"},
    )


def rows(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.decode().splitlines()]


def test_each_conversation_is_answered_by_one_line_with_its_redacted_turns(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(f"{GOOD}\n{OTHER}\n", encoding="utf-8")
    run = tydlig("tag", "in.jsonl", "--output", "out.jsonl", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, b"")
    first, second = rows((tmp_path / "out.jsonl").read_bytes())
    assert (first["id"], second["id"]) == ("a-1", "a-2")
    assert {"language", "primary", "confidence", "reasons", "features", "step", "uncertain", "runner_up"} <= set(first)
    assert {"probabilities", "model_version"} <= set(first)
    assert first["reasons"][0].keys() == {"id", "confidence", "evidence"}
    assert [turn["speaker"] for turn in second["turns"]] == ["agent", "customer"]
    assert "Lindqvist" not in json.dumps(first)
    assert list(tmp_path.iterdir()) == [tmp_path / "in.jsonl", tmp_path / "out.jsonl"], "no database was made"


def test_evidence_points_into_the_redacted_turns(tmp_path: Path) -> None:
    (row,) = rows(tydlig("tag", "-", cwd=tmp_path, given=GOOD.encode()).stdout)
    found = [evidence for tag in row["reasons"] for evidence in tag["evidence"]]
    assert found
    for evidence in found:
        assert 0 <= evidence["start"] < evidence["end"] <= len(row["turns"][evidence["turn"]]["text"])


def test_a_broken_line_is_named_and_the_good_ones_are_tagged(tmp_path: Path) -> None:
    broken = '{"id": "x", "turns": "ring Karin 070-1234567"}'
    content = [
        b"\xef\xbb\xbf" + GOOD.encode(),
        b"",
        b"{nope 070-1234567",
        broken.encode(),
        b'{"id": "\xff"}',
        OTHER.encode(),
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\r\n".join(content))
    run = tydlig("tag", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert run.returncode == 1
    assert [row["id"] for row in rows((tmp_path / "out.jsonl").read_bytes())] == ["a-1", "a-2"]
    faults = run.stderr.decode().splitlines()
    assert [fault.partition(":")[0] for fault in faults] == [f"in.jsonl, line {n}" for n in (3, 4, 5)]
    assert "070" not in run.stderr.decode()
    assert "UTF-8" in faults[2]


def test_many_broken_lines_are_counted_rather_than_listed(tmp_path: Path) -> None:
    run = tydlig("tag", "-", cwd=tmp_path, given=b"{\n" * 50)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 21
    assert b"30 more" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["tag", "missing.jsonl"], 1, "missing.jsonl"),
        (["tag", "empty.jsonl"], 1, "is empty"),
        (["tag", "in.jsonl", "-o", "in.jsonl"], 1, "is the input as well"),
        (["tag", "in.jsonl", "-o", "nowhere/out.jsonl"], 1, "nowhere/out.jsonl"),
        (["tag"], 2, "IN.jsonl"),
        (["tagg"], 2, "tagg"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    arguments: list[str], code: int, word: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "in.jsonl").write_text(GOOD, encoding="utf-8")
    run = tydlig(*arguments, cwd=tmp_path)
    assert run.returncode == code
    assert word in run.stderr.decode()
    assert b"Traceback" not in run.stderr
    assert (tmp_path / "in.jsonl").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize("arguments", [["--help"], ["tag", "in.jsonl", "--tagger", "fast"]])
def test_help_and_tagging_start_without_what_they_do_not_need(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(GOOD, encoding="utf-8")
    program = (
        "import sys\nfrom api.cli import app\n"
        f"app({arguments!r}, standalone_mode=False)\n"
        "heavy = {'streamlit', 'sqlalchemy', 'torch', 'fastapi', 'uvicorn', 'pandas'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(root)}, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()


def test_the_version_is_shown(tmp_path: Path) -> None:
    assert tydlig("--version", cwd=tmp_path).stdout.startswith(b"tydlig ")


def test_odd_metadata_costs_no_conversation(tmp_path: Path) -> None:
    odd = {"id": 5, "channel": "voice", "started_at": "yesterday", "handling_seconds": "long", "language": "klingon"}
    turns = [
        {"text": "Vad är fakturaavgiften?"},
        {"speaker": "Agent 7", "text": None},
        {"speaker": "agent", "text": ""},
    ]
    run = tydlig("tag", "-", cwd=tmp_path, given=json.dumps(odd | {"turns": turns}).encode())
    assert (run.returncode, run.stderr) == (0, b"")
    (row,) = rows(run.stdout)
    assert row["id"] == "5"
    assert len(row["turns"]) == len(turns)


def test_a_gzipped_file_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(GOOD.encode()))
    (row,) = rows(tydlig("tag", "in.jsonl.gz", cwd=tmp_path).stdout)
    assert row["id"] == "a-1"


@pytest.mark.parametrize(("content", "word"), [(GOOD.encode("utf-16"), "UTF-16"), (b"PK\x03\x04...", "packed archive")])
def test_what_is_no_text_gets_one_line_and_no_output(content: bytes, word: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(content)
    run = tydlig("tag", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert word in run.stderr.decode()
    assert not (tmp_path / "out.jsonl").exists()
