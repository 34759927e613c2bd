"""Words and numbers go when their days are over; every figure stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ingest.correction import correct
from ingest.organisation import ensure_organisation
from ingest.privacy.purge import BATCH, Busy, due, purge
from ingest.privacy.retention import KEEP_ALL, retention, set_retention
from insights.conversations import conversation
from models.database import transaction
from models.errors import BadSetting
from models.privacy import DEFAULT_DAYS, DataClass
from models.tables import (
    ConversationRow,
    CorrectionRow,
    EvidenceRow,
    InvoiceLineRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    PaymentRow,
    PurgeRow,
    RedactionRow,
    SaidReferenceRow,
    TurnRow,
)
from models.taxonomy import Reason
from tests.ingest.conftest import Importer
from tests.ingest.kept import CALLS, HASHER, NOW, WORD, figures, import_firm, in_files
from tests.ingest.written import conversations, register


def keep_for(importer: Importer, **days: int | None) -> None:
    """Days for some classes; the others are kept."""
    told = {DataClass(name): value for name, value in days.items()}
    with transaction(importer.engine) as session:
        set_retention(session, importer.organisation_id, KEEP_ALL | told)


def purged(importer: Importer, now: datetime = NOW) -> dict[DataClass, int]:
    return {one.data_class: one.rows for one in purge(importer.engine, importer.organisation_id, HASHER, now)}


def test_when_all_is_purged_no_figure_changes(importer: Importer) -> None:
    import_firm(importer)
    before = figures(importer.engine, importer.organisation_id)
    keep_for(importer, words=100, numbers=100, invoices=100)
    payments = CALLS // 2
    assert purged(importer) == {"words": CALLS, "numbers": CALLS, "invoices": CALLS + payments}
    assert figures(importer.engine, importer.organisation_id) == before
    for kind in (TurnRow, EvidenceRow, RedactionRow, SaidReferenceRow, InvoiceLineRow):
        assert importer.rows(kind) == []
    assert {row.customer_hash for row in importer.rows(ConversationRow)} == {None}
    assert {(row.customer_hash, row.reference_hash) for row in importer.rows(InvoiceRow)} == {(None, None)}
    assert {row.reference_hash for row in importer.rows(PaymentRow)} == {None}
    assert len(importer.rows(LinkRow)) == CALLS


def test_no_id_and_no_hash_of_before_is_found_in_any_row_or_sqlite_file(importer: Importer) -> None:
    import_firm(importer)
    hashes = {row.number_hash for row in importer.rows(InvoiceRow)}
    hashes |= {row.value_hash for row in importer.rows(SaidReferenceRow)}
    hashes |= {row.reference_hash for row in importer.rows(PaymentRow) if row.reference_hash}
    words = {f"{WORD}-{n:03}." for n in range(CALLS)} | {f"source-{n:04}" for n in range(CALLS)}
    words |= {f"{WORD}-line-{n:03}." for n in range(CALLS)}
    keep_for(importer, words=100, numbers=100, invoices=100)
    if importer.engine.dialect.name == "sqlite":
        assert in_files(importer.engine, *hashes, *words) == hashes | words
    purged(importer)
    rows = repr(importer.content())
    assert {each for each in hashes | words if each in rows} == set()
    if importer.engine.dialect.name == "sqlite":
        assert in_files(importer.engine, *hashes, *words) == set()


def test_a_second_purge_finds_nothing_and_records_nothing(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100, numbers=100, invoices=100)
    purged(importer)
    before = importer.content()
    assert purged(importer, NOW + timedelta(days=1)) == {}
    assert importer.content() == before
    assert {row.finished_at for row in importer.rows(PurgeRow)} == {NOW}


def test_days_count_from_the_contact_not_from_the_import(importer: Importer) -> None:
    old, new = ({"id": day, "started_at": f"{day}T12:00:00Z"} for day in ("2026-03-01", "2026-03-20"))
    importer(importer.path("calls.jsonl", conversations(old, new)))
    keep_for(importer, words=30)
    assert purged(importer, datetime(2026, 4, 10, tzinfo=UTC)) == {"words": 1}
    assert [row.external_id for row in importer.rows(ConversationRow) if row.words_gone_at] == ["2026-03-01"]


def test_a_contact_that_names_no_time_counts_from_when_it_was_stored(importer: Importer) -> None:
    importer(importer.path("calls.jsonl", conversations({"id": "undated"})))
    keep_for(importer, words=30)
    now = datetime.now(UTC)
    assert purged(importer, now + timedelta(days=29)) == {}
    assert purged(importer, now + timedelta(days=31)) == {"words": 1}


def test_what_is_kept_without_end_is_never_due(importer: Importer) -> None:
    import_firm(importer)
    with transaction(importer.engine) as session:
        set_retention(session, importer.organisation_id, KEEP_ALL)
    before = importer.content()
    assert purged(importer, NOW + timedelta(days=30_000)) == {}
    assert importer.content() == before


def test_a_new_organisation_has_the_default_days_and_can_change_them(importer: Importer) -> None:
    with transaction(importer.engine) as session:
        row = ensure_organisation(session, "new")
        assert {one.data_class: one.days for one in retention(row)} == DEFAULT_DAYS
        changed = set_retention(session, row.id, {DataClass.INVOICES: None})
        assert [(one.days, one.is_default) for one in changed] == [(365, True), (365, True), (None, False)]


def test_words_cannot_outlive_the_numbers_that_an_erasure_finds_them_by(importer: Importer) -> None:
    with pytest.raises(BadSetting, match="at least as long as words"):
        keep_for(importer, words=200, numbers=100)
    with pytest.raises(BadSetting, match="between 0"):
        keep_for(importer, words=-1)


def test_only_the_organisation_that_is_purged_loses_words(importer: Importer) -> None:
    import_firm(importer)
    importer.move_to_another_organisation()
    import_firm(importer)
    keep_for(importer, words=100)
    assert purged(importer) == {"words": CALLS}
    assert len(importer.rows(TurnRow)) == CALLS


def test_the_same_files_again_bring_nothing_back(importer: Importer) -> None:
    invoices, payments, calls = import_firm(importer)
    keep_for(importer, words=100, numbers=100, invoices=100)
    before = figures(importer.engine, importer.organisation_id)
    purged(importer)
    for file in (invoices, payments, calls):
        with file.open("a") as more:  # so that the file is not known by its bytes, and every item is looked at
            more.write("\n")
    after = importer.content()
    summaries = importer(invoices, payments, calls)
    assert {(one.imported, one.rejected) for one in summaries} == {(0, 0)}
    assert importer.content() == after
    assert figures(importer.engine, importer.organisation_id) == before


def test_other_content_under_a_purged_id_is_not_taken_in(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100)
    purged(importer)
    importer(importer.path("changed.jsonl", conversations({"id": "source-0001", "text": "Something else"})))
    assert importer.rows(TurnRow) == []


def test_an_invoice_whose_numbers_are_gone_still_learns_what_happened_to_it(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, invoices=100)
    purged(importer)
    told = {"number": "F0001", "customer_number": "500001", "sent_on": "2026-03-01", "reminded_on": "2026-04-20"}
    importer(importer.path("later.csv", register(told)))
    row = next(row for row in importer.content()["invoice_event"] if "reminded" in row)
    assert row
    assert {(row.customer_hash, row.reference_hash) for row in importer.rows(InvoiceRow)} == {(None, None)}
    assert importer.rows(InvoiceLineRow) == []


def test_a_later_correction_of_a_purged_conversation_keeps_its_invoice(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, invoices=100)
    purged(importer)
    first, second = importer.rows(ConversationRow)[:2]
    with transaction(importer.engine) as session:
        correct(session, importer.organisation_id, first.id, Reason.DUE_DATE, (), (), None, author="Quality")
    assert len(importer.rows(LinkRow)) == CALLS
    keep_for(importer, words=100, numbers=100)
    purged(importer)
    with transaction(importer.engine) as session:
        correct(session, importer.organisation_id, second.id, Reason.DUE_DATE, (), (), None, author="Quality")
    assert len(importer.rows(LinkRow)) == CALLS
    assert [row.author for row in importer.rows(CorrectionRow)] == ["", "Quality"]


def test_a_purge_that_fails_half_way_keeps_what_it_did_and_the_next_one_finishes(importer: Importer) -> None:
    calls = [{"id": f"c{n}", "started_at": "2026-03-01T10:00:00Z", "text": f"{WORD}-{n:04}."} for n in range(500)]
    importer(importer.path("calls.jsonl", conversations(*calls)))
    keep_for(importer, words=100)

    def fail_after_a_batch(rows: int) -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        purge(importer.engine, importer.organisation_id, HASHER, NOW, fail_after_a_batch)
    rows = importer.rows(ConversationRow)
    with_words = {row.conversation_id for row in importer.rows(TurnRow)}
    assert {row.id for row in rows if row.words_gone_at is None} == with_words
    assert len(with_words) == 500 - BATCH
    assert [(row.rows, row.finished_at) for row in importer.rows(PurgeRow)] == [(BATCH, None)]
    later = NOW + timedelta(days=1)
    assert purged(importer, later) == {"words": 500 - BATCH}
    assert importer.rows(TurnRow) == []
    assert [row.finished_at for row in importer.rows(PurgeRow)] == [later, later]
    if importer.engine.dialect.name == "sqlite":
        assert in_files(importer.engine, *(f"{WORD}-{n:04}." for n in range(500))) == set()


def test_a_batch_that_breaks_in_the_middle_is_undone_whole(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100)
    before = importer.content()
    with broken_at(importer.engine, "DELETE FROM redaction"), pytest.raises(RuntimeError):
        purged(importer)
    assert importer.content() == before
    assert purged(importer) == {"words": CALLS}


def test_while_an_import_writes_a_purge_gives_way(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100)
    if importer.engine.dialect.name == "sqlite":
        event.listen(importer.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
        importer.engine.dispose()
    with transaction(importer.engine) as session:
        row = session.get_one(OrganisationRow, importer.organisation_id, with_for_update={"key_share": True})
        row.name = "An import holds this"
        session.flush()
        with pytest.raises((Busy, OperationalError)):
            purged(importer)
    assert len(importer.rows(TurnRow)) == CALLS
    assert purged(importer) == {"words": CALLS}


def test_what_would_be_purged_can_be_counted_first(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100, numbers=None)
    before = importer.content()
    with transaction(importer.engine) as session:
        found = due(session, session.get_one(OrganisationRow, importer.organisation_id), NOW)
    assert [(one.data_class, len(one.ids), len(one.payments)) for one in found] == [("words", CALLS, 0)]
    assert importer.content() == before


def test_a_conversation_whose_words_are_gone_can_still_be_read_for_its_tags(importer: Importer) -> None:
    import_firm(importer)
    keep_for(importer, words=100, numbers=100)
    purged(importer)
    with Session(importer.engine) as session:
        organisation = session.get_one(OrganisationRow, importer.organisation_id)
        id = session.scalar(select(func.min(ConversationRow.id))) or 0
        detail = conversation(session, organisation, id)
    assert (detail.turns, detail.summary.words_kept, detail.summary.quote, detail.summary.external_id) == (
        (),
        False,
        "",
        "",
    )
    assert detail.summary.primary == Reason.PAYMENT_REFERENCE
    assert detail.reasons[0].evidence == ()
    assert detail.invoice is not None


class broken_at:  # noqa: N801 (reads as the statement that it is)
    """While it lasts, a statement that starts like this fails before it reaches the database."""

    def __init__(self, engine: Engine, start: str) -> None:
        self.engine, self.start = engine, start

    def _fail(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(self.start):
            raise RuntimeError

    def __enter__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._fail)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._fail)
