"""A customer's words and numbers are erased everywhere; the figures stay, and nothing brings the words back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from ingest.privacy import purge as purging
from ingest.privacy.erasure import erase_conversation, erase_customer
from ingest.privacy.purge import purge
from models.database import transaction
from models.privacy import Erasure
from models.tables import ConversationRow, ErasureRow, InvoiceLineRow, InvoiceRow, OrganisationRow, PaymentRow, TurnRow
from tests.ingest.conftest import Importer
from tests.ingest.kept import CALLS, HASHER, NOW, WORD, customer, figures, import_firm, in_files, reference
from tests.ingest.written import conversations

THEIRS = 4
"""The customer who asks to be erased; pays, as all with an even number."""


def erase(importer: Importer, number: str = customer(THEIRS)) -> Erasure:
    return erase_customer(importer.engine, importer.organisation_id, HASHER, number, "test", NOW)


def counts(erasure: Erasure) -> tuple[int, int, int]:
    return erasure.conversations, erasure.invoices, erasure.payments


def traces() -> set[str]:
    """What leads to the customer: the words, the id that the conversation came with, and the hashes of the numbers."""
    numbers = {HASHER.hash("payment_reference", number) for number in (reference(THEIRS), f"F{THEIRS:04}")}
    words = {f"{WORD}-{THEIRS:03}.", f"{WORD}-line-{THEIRS:03}.", f"source-{THEIRS:04}"}
    return numbers | words | {HASHER.hash("customer_number", customer(THEIRS))}


def test_a_customers_words_and_numbers_are_gone_and_the_figures_stay(importer: Importer) -> None:
    import_firm(importer)
    before = figures(importer.engine, importer.organisation_id)
    assert all(each in repr(importer.content()) for each in traces())
    assert counts(erase(importer)) == (1, 1, 1)
    assert {each for each in traces() if each in repr(importer.content())} == set()
    assert [kept_flag(one) for one in figures(importer.engine, importer.organisation_id)] == [
        kept_flag(one) for one in before
    ]
    assert len(importer.rows(TurnRow)) == CALLS - 1
    assert len(importer.rows(InvoiceLineRow)) == CALLS - 1


def kept_flag(figure: object) -> str:
    return re.sub(r"words_kept=\w+", "", repr(figure))


def test_nothing_of_the_customer_stands_in_the_files_of_sqlite(sqlite_importer: Importer) -> None:
    import_firm(sqlite_importer)
    assert in_files(sqlite_importer.engine, *traces()) == traces()
    assert erase(sqlite_importer).finished_at == NOW
    assert in_files(sqlite_importer.engine, *traces()) == set()
    others = f"{WORD}-{THEIRS + 1:03}."
    assert in_files(sqlite_importer.engine, others) == {others}


def test_a_second_time_nothing_is_found(importer: Importer) -> None:
    import_firm(importer)
    erase(importer)
    assert counts(erase(importer)) == (0, 0, 0)


def test_a_number_nobody_has_erases_nothing(importer: Importer) -> None:
    import_firm(importer)
    before = importer.content()
    assert counts(erase(importer, "999999")) == (0, 0, 0)
    after = importer.content()
    assert [name for name in before if before[name] != after[name]] == ["erasure"]


def test_it_is_recorded_without_a_trace_of_whom(importer: Importer) -> None:
    import_firm(importer)
    erase(importer)
    (row,) = importer.rows(ErasureRow)
    assert (row.subject, row.door, row.conversations, row.invoices, row.payments) == ("customer", "test", 1, 1, 1)
    assert not re.search("[0-9a-f]{64}", repr(importer.content()["erasure"]))


def test_the_same_files_again_do_not_bring_the_customer_back(importer: Importer) -> None:
    files = import_firm(importer)
    before = figures(importer.engine, importer.organisation_id)
    erase(importer)
    after = importer.content()
    for file in files:
        with file.open("a") as more:  # so that the file is not known by its bytes, and every item is looked at
            more.write("\n")
    assert {(one.imported, one.rejected) for one in importer(*files)} == {(0, 0)}
    assert importer.content() == after
    assert [kept_flag(one) for one in figures(importer.engine, importer.organisation_id)] == [
        kept_flag(one) for one in before
    ]


def test_a_customer_found_by_the_invoice_alone_is_erased_too(importer: Importer) -> None:
    import_firm(importer)
    call = {"id": "says-only", "text": f"Where is <payment_reference {reference(THEIRS)}>? The reference is odd"}
    importer(importer.path("another.jsonl", conversations(call)))
    assert counts(erase(importer)) == (2, 1, 1)


def test_a_customer_who_calls_after_the_erasure_is_heard_again(importer: Importer) -> None:
    import_firm(importer)
    erase(importer)
    call = {"id": "new-call", "text": "I am back, the reference!", "customer_number": customer(THEIRS)}
    (summary,) = importer(importer.path("new.jsonl", conversations(call)))
    assert summary.imported == 1
    assert counts(erase(importer)) == (1, 0, 0)


def test_one_conversation_can_be_erased_by_the_id_it_came_with(importer: Importer) -> None:
    import_firm(importer)
    for expected in (1, 0):
        erasure = erase_conversation(importer.engine, importer.organisation_id, HASHER, "source-0007", "test", NOW)
        assert counts(erasure) == (expected, 0, 0)
    assert [row.id for row in importer.rows(ConversationRow) if row.words_gone_at] == [8]
    assert all(row.customer_hash for row in importer.rows(InvoiceRow))
    assert sum(row.reference_hash is not None for row in importer.rows(PaymentRow)) == CALLS // 2


def test_another_organisations_customer_of_the_same_number_is_left_alone(importer: Importer) -> None:
    import_firm(importer)
    importer.move_to_another_organisation()
    import_firm(importer)
    erase(importer)
    gone = [row for row in importer.rows(ConversationRow) if row.words_gone_at]
    assert [row.organisation_id for row in gone] == [importer.organisation_id]


def test_what_could_not_be_overwritten_at_once_the_next_purge_overwrites(
    sqlite_importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_firm(sqlite_importer)
    with monkeypatch.context() as killed:

        def die(engine: Engine, tables: object, *, compact: bool) -> bool:
            return False

        killed.setattr(purging, "overwrite_deleted", die)
        assert erase(sqlite_importer).finished_at is None
    with transaction(sqlite_importer.engine) as session:
        session.get_one(OrganisationRow, sqlite_importer.organisation_id).retention = {
            "words": None,
            "numbers": None,
            "invoices": None,
        }
    purge(sqlite_importer.engine, sqlite_importer.organisation_id, HASHER, NOW)
    assert in_files(sqlite_importer.engine, *traces()) == set()
    assert [row.finished_at for row in sqlite_importer.rows(ErasureRow)] == [NOW]
