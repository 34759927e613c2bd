"""A rotated key: every number still meets its rows, and who has the old key can test none of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from ingest.hashing import KEY_BYTES, ReferenceHasher
from ingest.pipeline import Tools, store_conversations
from ingest.privacy import key as keys
from ingest.privacy.erasure import erase_customer
from ingest.privacy.key import KeyChanged, open_hasher, rotate, rows_to_renew
from ingest.privacy.purge import purge
from ingest.privacy.retention import set_retention
from models.database import transaction
from models.errors import BadSetting
from models.privacy import DataClass
from models.tables import Base, ConversationRow, ImportRow, InvoiceRow, PaymentRow
from models.values import Conversation, Turn
from tests.ingest.conftest import Importer
from tests.ingest.kept import CALLS, NOW, customer, figures, import_firm, in_files, reference


@pytest.fixture
def key_file(importer: Importer, tmp_path: Path) -> Path:
    return keyed(importer, tmp_path / "key")


def keyed(importer: Importer, path: Path) -> Path:
    """The importer's key, in a file as an operator has it."""
    path.write_bytes(b"k" * KEY_BYTES)
    open_hasher(importer.engine, path)
    return path


def rotated(importer: Importer, path: Path) -> ReferenceHasher:
    rotate(importer.engine, path)
    hasher = open_hasher(importer.engine, path)
    importer.tools = Tools(importer.tools.tagger, importer.tools.redactor, hasher)
    return hasher


def test_figures_stay_and_the_same_files_bring_nothing_new(importer: Importer, key_file: Path) -> None:
    files = import_firm(importer)
    before = figures(importer.engine, importer.organisation_id)
    for _ in range(2):
        rotated(importer, key_file)
        again = importer(*files)
        assert (sum(one.imported for one in again), sum(one.rejected for one in again)) == (0, 0)
        assert figures(importer.engine, importer.organisation_id) == before


def test_what_comes_after_a_rotation_meets_what_came_before(importer: Importer, key_file: Path) -> None:
    _, payments, calls = import_firm(importer)
    before = figures(importer.engine, importer.organisation_id)[:-1]  # the last lists contacts by row id
    with Session(importer.engine) as session, session.begin():
        for kind in (PaymentRow, ConversationRow, ImportRow):
            session.execute(delete(kind))
    rotated(importer, key_file)
    importer(payments, calls)
    paid = [row for row in importer.rows(PaymentRow) if row.invoice_id is not None]
    assert len(paid) == CALLS / 2
    assert figures(importer.engine, importer.organisation_id)[:-1] == before


def test_no_hash_of_before_is_left(importer: Importer, key_file: Path) -> None:
    import_firm(importer)
    hashes = {
        getattr(row, name)
        for table, names in keys.HASHED.items()
        for row in importer.rows(kind_of(table.name))
        for name in names
        if name != "external_id" or table.name == "payment"
    } - {None, ""}
    assert len(hashes) > 4 * CALLS
    stored = repr(importer.content())
    assert any(one in stored for one in hashes)
    rotated(importer, key_file)
    stored = repr(importer.content())
    assert [one for one in hashes if one in stored] == []


def kind_of(table: str) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)


def test_ids_of_contacts_stay_as_they_came(importer: Importer, key_file: Path) -> None:
    import_firm(importer)
    rotated(importer, key_file)
    assert {row.external_id for row in importer.rows(ConversationRow)} == {f"source-{n:04}" for n in range(CALLS)}


@pytest.mark.parametrize("rotations", [1, 2])
def test_what_was_erased_or_purged_before_stays_away(importer: Importer, key_file: Path, rotations: int) -> None:
    files = import_firm(importer)
    for _ in range(rotations - 1):
        rotated(importer, key_file)
    erase_customer(importer.engine, importer.organisation_id, importer.tools.hasher, customer(4), "test", NOW)
    with transaction(importer.engine) as session:
        set_retention(session, importer.organisation_id, dict.fromkeys(DataClass, 1))
    rotated(importer, key_file)
    purge(importer.engine, importer.organisation_id, importer.tools.hasher, NOW)
    rotated(importer, key_file)
    before = importer.content()
    assert [one.imported for one in importer(*files)] == [0, 0, 0]
    assert importer.content() == before


def test_a_customer_is_found_and_erased_after_a_rotation(importer: Importer, key_file: Path) -> None:
    import_firm(importer)
    hasher = rotated(importer, key_file)
    erased = erase_customer(importer.engine, importer.organisation_id, hasher, customer(4), "test", NOW)
    assert (erased.conversations, erased.invoices, erased.payments) == (1, 1, 1)


def test_old_hashes_are_overwritten_in_the_files_of_sqlite(sqlite_importer: Importer, tmp_path: Path) -> None:
    path = keyed(sqlite_importer, tmp_path / "key")
    import_firm(sqlite_importer)
    old = {sqlite_importer.tools.hasher.hash("payment_reference", reference(n)) for n in range(CALLS)}
    assert in_files(sqlite_importer.engine, *old) == old
    assert rotate(sqlite_importer.engine, path)
    assert in_files(sqlite_importer.engine, *old) == set()


def test_another_key_is_refused_and_nothing_is_hashed_with_it(importer: Importer, key_file: Path) -> None:
    key_file.write_bytes(b"x" * KEY_BYTES)
    with pytest.raises(BadSetting, match="not the key of the database"):
        open_hasher(importer.engine, key_file)
    with pytest.raises(BadSetting):
        rotate(importer.engine, key_file)


def test_who_still_holds_the_old_key_stores_nothing(importer: Importer, key_file: Path) -> None:
    files = import_firm(importer)
    rotate(importer.engine, key_file)
    before = importer.content()
    with pytest.raises(KeyChanged):
        importer(*files)
    with pytest.raises(KeyChanged):
        erase_customer(importer.engine, importer.organisation_id, importer.tools.hasher, customer(4), "test", NOW)
    with pytest.raises(KeyChanged), transaction(importer.engine) as session:
        said = Conversation(id="late", turns=(Turn(speaker="customer", text="hello"),))
        store_conversations(session, importer.organisation_id, [said], importer.tools)
    assert importer.content() == before


def test_a_rotation_that_fails_changes_nothing(
    importer: Importer, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_firm(importer)
    before, key = importer.content(), key_file.read_bytes()

    def fail_late(rows: int) -> None:
        seen.append(rows)
        if len(seen) == 4:
            raise KeyboardInterrupt

    seen: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        rotate(importer.engine, key_file, fail_late)
    assert (importer.content(), key_file.read_bytes()) == (before, key)
    open_hasher(importer.engine, key_file)
    rotated(importer, key_file)  # the half-made key in the way is no hindrance


def test_a_rotation_ended_between_database_and_file_is_finished_at_the_next_start(
    importer: Importer, key_file: Path
) -> None:
    files = import_firm(importer)
    old = key_file.read_bytes()
    rotate(importer.engine, key_file)
    key_file.with_name("key.new").write_bytes(key_file.read_bytes())
    key_file.write_bytes(old)
    hasher = open_hasher(importer.engine, key_file)
    importer.tools = Tools(importer.tools.tagger, importer.tools.redactor, hasher)
    assert len(key_file.read_bytes()) == 2 * KEY_BYTES
    assert not key_file.with_name("key.new").exists()
    assert [one.imported for one in importer(*files)] == [0, 0, 0]


def test_progress_counts_every_row(importer: Importer, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "AT_ONCE", 7)
    import_firm(importer)
    seen: list[int] = []
    expected = rows_to_renew(importer.engine)
    rotate(importer.engine, key_file, seen.append)
    assert sum(seen) == expected > 4 * CALLS
    assert max(seen) == 7


def test_a_database_takes_the_first_key_that_it_meets(engine: Engine, tmp_path: Path) -> None:
    first = open_hasher(engine, tmp_path / "key")
    assert open_hasher(engine, tmp_path / "key").content([b"a"]) == first.content([b"a"])
    with pytest.raises(BadSetting):
        open_hasher(engine, tmp_path / "other")


def test_every_invoice_keeps_its_own_number(importer: Importer, key_file: Path) -> None:
    import_firm(importer)
    hasher = rotated(importer, key_file)
    assert {row.number_hash for row in importer.rows(InvoiceRow)} == {
        hasher.hash("invoice_number", f"F{n:04}") for n in range(CALLS)
    }
