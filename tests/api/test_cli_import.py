"""``tydlig import`` as it is typed: what became of every file, and exit code 1 where anything was refused."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.database import make_engine, transaction
from models.tables import ConversationRow, TurnRow

ROOT = Path(__file__).parents[2]


def line(id: str, text: str = "Hej, jag hittar inget OCR-nummer på fakturan.") -> str:
    return json.dumps({"id": id, "turns": [{"speaker": "customer", "text": text}]})


def tydlig_import(
    home: Path, *paths: Path, url: str | None = None, largest_file: int = resource.RLIM_INFINITY
) -> subprocess.CompletedProcess[str]:
    settings = {"TYDLIG_HOME": str(home), "TYDLIG_TAGGER": "fast", "COLUMNS": "200"} | (
        {"TYDLIG_DATABASE_URL": url} if url else {}
    )
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "import", *map(str, paths)],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY)),
    )


def stored(url: str) -> tuple[int, str]:
    """How many conversations, and all their words."""
    engine = make_engine(url)
    with transaction(engine) as session:
        count = session.scalar(select(func.count()).select_from(ConversationRow)) or 0
        words = " ".join(session.scalars(select(TurnRow.text)))
    engine.dispose()
    return count, words


def test_a_file_is_imported_once_and_without_personal_data(tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text(line("1", "Anna Lindqvist heter jag. Vad är fakturaavgiften?") + "\n" + line("2") + "\n")
    first = tydlig_import(tmp_path, file, url=database_url)
    assert first.returncode == 0, first.stderr
    assert [word for word in ("chats.jsonl", "2") if word not in first.stdout] == []
    again = tydlig_import(tmp_path, file, url=database_url)
    assert again.returncode == 0
    assert "taken out" in first.stdout
    assert "taken out" not in again.stdout
    count, words = stored(database_url)
    assert count == 2
    assert "Lindqvist" not in words


def test_what_was_taken_out_of_each_file_is_told_by_kind_and_count(tmp_path: Path) -> None:
    said = "Jag heter Anna Lindqvist. Ring 070-123 45 67 eller 070-765 43 21."
    (tmp_path / "chats.jsonl").write_text(line("1", said) + "\n" + line("2", "Jag heter Karin Lindgren."))
    (tmp_path / "bare.jsonl").write_text(line("3", "Vad är fakturaavgiften?"))
    first = tydlig_import(tmp_path, tmp_path / "chats.jsonl", tmp_path / "bare.jsonl")
    _, _, taken_out = first.stdout.partition("Personal data taken out")
    assert re.findall(r"│ (\S+) +│ (.+?) +│", taken_out) == [("chats.jsonl", "Names 2 · phone numbers 2")]


def test_broken_lines_are_named_and_the_good_ones_imported(tmp_path: Path) -> None:
    file = tmp_path / "chats.jsonl"
    broken = '{"id": "x", "turns": "ring Karin 070-1234567"}'
    file.write_text("\n".join([line("1"), broken, "{nope", line("2")]))
    run = tydlig_import(tmp_path, file)
    assert run.returncode == 1
    faults = run.stderr.splitlines()
    assert [fault.partition(":")[0] for fault in faults] == ["chats.jsonl, line 2", "chats.jsonl, line 3"]
    assert "070" not in run.stderr + run.stdout
    assert stored(f"sqlite:///{tmp_path}/tydlig.db")[0] == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"Dear all,\nsee below.\n"])
def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a-strange").write_bytes(content)
    (tmp_path / "chats.jsonl").write_text(line("1"))
    run = tydlig_import(tmp_path, tmp_path / "a-strange", tmp_path / "chats.jsonl")
    assert run.returncode == 1
    assert run.stderr.startswith("a-strange: ")
    assert len(run.stderr.splitlines()) == 1
    assert stored(f"sqlite:///{tmp_path}/tydlig.db")[0] == 1


def test_a_path_that_does_not_exist_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    run = tydlig_import(tmp_path, tmp_path / "missing.jsonl")
    assert run.returncode == 2
    assert "missing.jsonl" in run.stderr


def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text(line("1"))
    assert tydlig_import(tmp_path, file).returncode == 0
    file.write_text("\n".join(line(f"more-{number}") for number in range(200)))
    run = tydlig_import(tmp_path, file, largest_file=300_000)
    assert run.returncode == 1
    assert run.stderr.startswith("Error: The disk that holds the database ")
    assert len(run.stderr.splitlines()) == 1
    assert stored(f"sqlite:///{tmp_path}/tydlig.db")[0] == 1


def test_a_database_of_a_kind_that_is_not_supported_is_named(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_text(line("1"))
    run = tydlig_import(tmp_path, tmp_path / "chats.jsonl", url="mysql://anna:s3cret@localhost/x")
    assert run.returncode == 1
    assert run.stderr.startswith("Error: TYDLIG_DATABASE_URL: ")
    assert "s3cret" not in run.stderr
