"""A purge and a rotation of the key that are killed anywhere leave nothing half done, and the next run finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.hashing import KEY_BYTES
from ingest.pipeline import Tools
from ingest.privacy.key import open_hasher, rotate
from ingest.privacy.purge import purge
from ingest.privacy.retention import set_retention
from models.database import transaction
from models.privacy import DataClass
from models.tables import (
    ConversationRow,
    EvidenceRow,
    InvoiceLineRow,
    InvoiceRow,
    OrganisationRow,
    PaymentRow,
    PurgeRow,
    RedactionRow,
    SaidReferenceRow,
    TaggingRow,
    TurnRow,
)
from tests.ingest.conftest import Importer
from tests.ingest.kept import CALLS, HASHER, NOW, WORD, figures, import_firm, in_files, reference

ROOT = Path(__file__).parents[2]

# A run with small batches that stops for good the nth time it is about to do what begins like ``place``.
HELD = """
import re, sys, time
from datetime import datetime
from pathlib import Path
from sqlalchemy import Engine, event
from ingest.privacy import key, purge
from models.database import make_engine

url, organisation, key_file, now, run, place, nth = sys.argv[1:]
seen = []

def hold(act):
    if re.match(place, act):
        seen.append(act)
        if len(seen) == int(nth):
            print("held", flush=True)
            time.sleep(600)

event.listen(Engine, "before_cursor_execute", lambda connection, cursor, statement, *_: hold(statement))
sys.addaudithook(lambda act, _: hold(act))
purge.BATCH = key.AT_ONCE = 10
engine, key_file = make_engine(url), Path(key_file)
if run == "purge":
    purge.purge(engine, int(organisation), key.open_hasher(engine, key_file), datetime.fromisoformat(now))
else:
    key.rotate(engine, key_file)
"""
OVERWRITING = "VACUUM|PRAGMA wal_checkpoint"


@pytest.fixture
def key_file(importer: Importer, tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_bytes(b"k" * KEY_BYTES)
    open_hasher(importer.engine, path)
    return path


def kill(importer: Importer, key_file: Path, run: str, place: str, nth: int) -> None:
    """Start a run and kill it there; the database is free again afterwards."""
    url = importer.engine.url.render_as_string(hide_password=False)
    told = [url, str(importer.organisation_id), str(key_file), NOW.isoformat(), run, place, str(nth)]
    # A module that is compiled is renamed into its place too.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", HELD, *told]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with transaction(importer.engine) as session:  # PostgreSQL takes a moment to see that the process is gone
        session.execute(select(OrganisationRow.id).with_for_update())


def same(*found: set[int]) -> int:
    assert all(each == found[0] for each in found)
    return len(found[0])


def kept(importer: Importer) -> tuple[int, int, int]:
    """How many conversations have their words, how many their numbers, how many invoices theirs: each wholly or not."""
    calls, invoices, payments = importer.rows(ConversationRow), importer.rows(InvoiceRow), importer.rows(PaymentRow)
    tagged = {row.id: row.conversation_id for row in importer.rows(TaggingRow)}
    words = same(
        {row.id for row in calls if row.words_gone_at is None},
        {row.id for row in calls if row.content_hash},
        {row.conversation_id for row in importer.rows(TurnRow)},
        {row.conversation_id for row in importer.rows(RedactionRow)},
        {tagged[row.tagging_id] for row in importer.rows(EvidenceRow)},
    )
    numbers = same(
        {row.id for row in calls if row.numbers_gone_at is None},
        {row.id for row in calls if row.customer_hash},
        {row.id for row in calls if row.external_id.startswith("source-")},
        {row.conversation_id for row in importer.rows(SaidReferenceRow)},
    )
    whole = {row.id for row in invoices if row.numbers_gone_at is None}
    unpaid = whole - {row.invoice_id for row in payments}
    number_hashes = {HASHER.hash("invoice_number", f"F{n:04}") for n in range(CALLS)}
    same(
        whole,
        {row.id for row in invoices if row.number_hash in number_hashes},
        {row.id for row in invoices if row.customer_hash and row.reference_hash and row.content_hash},
        {row.invoice_id for row in importer.rows(InvoiceLineRow)},
        {row.invoice_id or 0 for row in payments if row.reference_hash} | unpaid,
    )
    return words, numbers, len(whole)


@pytest.mark.parametrize(
    ("place", "nth", "left"),
    [
        ("DELETE FROM redaction", 2, (CALLS - 10, CALLS, CALLS)),
        ("DELETE FROM invoice_line", 3, (0, 0, CALLS - 20)),
        (OVERWRITING, 1, (0, 0, 0)),
    ],
    ids=["among words", "among invoices", "before overwriting"],
)
def test_a_purge_killed_anywhere_has_forgotten_wholly_or_not_at_all_and_the_next_one_finishes(
    importer: Importer, key_file: Path, place: str, nth: int, left: tuple[int, int, int]
) -> None:
    import_firm(importer)
    before, hashes = figures(importer.engine, importer.organisation_id), hashes_of(importer)
    with transaction(importer.engine) as session:
        set_retention(session, importer.organisation_id, dict.fromkeys(DataClass, 100))
    assert kept(importer) == (CALLS, CALLS, CALLS)
    kill(importer, key_file, "purge", place, nth)
    assert kept(importer) == left
    assert {row.finished_at for row in importer.rows(PurgeRow)} == {None}
    assert figures(importer.engine, importer.organisation_id) == before
    later = NOW + timedelta(days=1)
    purge(importer.engine, importer.organisation_id, HASHER, later)
    assert kept(importer) == (0, 0, 0)
    assert {row.finished_at for row in importer.rows(PurgeRow)} == {later}
    assert sum(row.rows for row in importer.rows(PurgeRow)) == 3 * CALLS + len(importer.rows(PaymentRow))
    assert figures(importer.engine, importer.organisation_id) == before
    assert found(importer, hashes | {f"{WORD}-{n:03}." for n in range(CALLS)}) == set()


@pytest.mark.parametrize(
    ("place", "nth", "layers"),
    [("UPDATE payment", 2, 1), ("os.rename", 1, 2), (OVERWRITING, 1, 2)],
    ids=["in its transaction", "between database and file", "before overwriting"],
)
def test_after_a_rotation_killed_anywhere_key_and_hashes_fit_and_the_next_one_finishes(
    importer: Importer, key_file: Path, place: str, nth: int, layers: int
) -> None:
    files = import_firm(importer)
    before, hashes = figures(importer.engine, importer.organisation_id), hashes_of(importer)
    stored = importer.content()
    kill(importer, key_file, "rotate", place, nth)
    assert (importer.content() == stored) is (layers == 1), "all is under the new key or all under the old"
    importer.tools = Tools(importer.tools.tagger, importer.tools.redactor, open_hasher(importer.engine, key_file))
    assert len(key_file.read_bytes()) == layers * KEY_BYTES
    assert layers == 1 or found(importer, hashes) == set(), "starting again overwrites what the rotation left"
    for file in files:
        with file.open("a") as more:  # so that the file is not known by its bytes, and every item is looked at
            more.write("\n")
    assert [one.imported for one in importer(*files)] == [0, 0, 0]
    assert figures(importer.engine, importer.organisation_id) == before
    hashes |= hashes_of(importer)
    assert rotate(importer.engine, key_file)
    assert [path.name for path in key_file.parent.glob("key*")] == ["key"]
    assert figures(importer.engine, importer.organisation_id) == before
    assert found(importer, hashes) == set()


def hashes_of(importer: Importer) -> set[str]:
    """The stored hashes of every payment reference, under the key of now."""
    hashes = {importer.tools.hasher.hash("payment_reference", reference(n)) for n in range(CALLS)}
    assert {row.reference_hash for row in importer.rows(InvoiceRow)} == hashes
    return hashes


def found(importer: Importer, words: set[str]) -> set[str]:
    """Those of the words that stand in any row, or anywhere in SQLite's files."""
    rows = repr(importer.content())
    in_rows = {word for word in words if word in rows}
    return in_rows | (in_files(importer.engine, *words) if importer.engine.dialect.name == "sqlite" else set())
