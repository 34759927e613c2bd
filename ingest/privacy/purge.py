"""Purges what outlived its days, a few rows a transaction, so that nobody waits and a run can end anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from ingest.hashing import ReferenceHasher
from ingest.privacy.forgetting import forget_invoices, forget_numbers, forget_payments, forget_words
from ingest.privacy.key import hold_key
from ingest.privacy.retention import retention
from models.database import overwrite_deleted, transaction
from models.privacy import DataClass, Purged
from models.tables import ConversationRow, ErasureRow, InvoiceRow, OrganisationRow, PaymentRow, PurgeRow, TaggingRow

BATCH = 200
TABLES = ("turn", "evidence", "redaction", "said_reference", "conversation", "invoice", "invoice_line", "payment")
"""Those that what is forgotten stood in."""


class Due(NamedTuple):
    """What a purge would take of one class: ids of conversations, or of invoices and of payments."""

    data_class: DataClass
    days: int
    ids: list[int]
    payments: list[int]


class Busy(Exception):
    """An import is writing for this organisation: a later purge goes on."""


def due(session: Session, organisation: OrganisationRow, now: datetime) -> list[Due]:
    """What outlived its days, class by class; classes that are kept are left out.

    Days count from the contact, the issue of the invoice or the booking of the payment; for a contact that names no
    time from when it was stored.
    """
    found = []
    for rule in retention(organisation):
        if rule.days is not None:
            before = now - timedelta(days=rule.days)
            if rule.data_class == DataClass.INVOICES:
                ids, payments = _invoices(session, organisation.id, before.date())
            else:
                ids, payments = _conversations(session, organisation.id, rule.data_class, before), []
            found.append(Due(rule.data_class, rule.days, ids, payments))
    return found


def purge(
    engine: Engine,
    organisation_id: int,
    hasher: ReferenceHasher,
    now: datetime,
    on_rows: Callable[[int], object] = lambda rows: None,
) -> list[Purged]:
    """Take out what is due, record it, and overwrite the places where it stood; a class with nothing due is left out.

    Each batch is one transaction: whatever ends a purge, the next one goes on. Raises ``Busy`` while an import runs
    and SQLAlchemy's ``OperationalError`` where SQLite is kept busy; what was purged until then stays purged.
    """
    with transaction(engine) as session:
        found = due(session, session.get_one(OrganisationRow, organisation_id), now)
    ids = [_purge_class(engine, organisation_id, hasher, now, each, on_rows) for each in found]
    finish(engine, organisation_id, now)
    with transaction(engine) as session:
        rows = session.scalars(select(PurgeRow).where(PurgeRow.id.in_(ids)).order_by(PurgeRow.id))
        return [Purged.model_validate(row, from_attributes=True) for row in rows]


def finish(engine: Engine, organisation_id: int, now: datetime) -> bool:
    """Overwrite what this and earlier runs deleted; false where others keep the database busy."""
    with transaction(engine) as session:
        open_runs = [
            kind
            for kind in (PurgeRow, ErasureRow)
            if session.scalar(
                select(exists().where(kind.organisation_id == organisation_id, kind.finished_at.is_(None)))
            )
        ]
    if open_runs and not overwrite_deleted(engine, TABLES, compact=ErasureRow in open_runs):
        return False
    with transaction(engine) as session:
        for kind in open_runs:
            mine = kind.organisation_id == organisation_id, kind.finished_at.is_(None), kind.started_at <= now
            session.execute(update(kind).where(*mine).values(finished_at=now))
    return True


def _purge_class(
    engine: Engine,
    organisation_id: int,
    hasher: ReferenceHasher,
    now: datetime,
    found: Due,
    on_rows: Callable[[int], object],
) -> int:
    """Purge one class batch by batch and return its row in the record, 0 where nothing was due."""
    record = 0
    batches: list[tuple[Sequence[int], Sequence[int]]] = [(ids, ()) for ids in _batches(found.ids)] + [
        ((), ids) for ids in _batches(found.payments)
    ]
    for ids, payments in batches:
        with transaction(engine) as session:
            if not _undisturbed(session, organisation_id):
                raise Busy
            hold_key(session, hasher)
            row = session.get(PurgeRow, record) or _begin(session, organisation_id, found, now)
            count = _forget(session, found.data_class, ids, hasher, now) + forget_payments(session, payments)
            session.execute(update(PurgeRow).where(PurgeRow.id == row.id).values(rows=PurgeRow.rows + count))
            record = row.id
        on_rows(len(ids) + len(payments))
    return record


def _undisturbed(session: Session, organisation_id: int) -> bool:
    """Whether no import runs; on SQLite the first write waits for one."""
    free = select(OrganisationRow.id).where(OrganisationRow.id == organisation_id)
    return session.scalar(free.with_for_update(key_share=True, skip_locked=True)) is not None


def _begin(session: Session, organisation_id: int, found: Due, now: datetime) -> PurgeRow:
    row = PurgeRow(
        organisation_id=organisation_id, data_class=found.data_class, days=found.days, rows=0, started_at=now
    )
    session.add(row)
    session.flush()
    return row


def _forget(session: Session, data_class: DataClass, ids: Sequence[int], hasher: ReferenceHasher, now: datetime) -> int:
    if data_class == DataClass.WORDS:
        return forget_words(session, ids, now)
    if data_class == DataClass.NUMBERS:
        return forget_numbers(session, ids, hasher, now)
    return sum(forget_invoices(session, ids, hasher, now))


def _conversations(session: Session, organisation_id: int, data_class: DataClass, before: datetime) -> list[int]:
    gone_at = ConversationRow.words_gone_at if data_class == DataClass.WORDS else ConversationRow.numbers_gone_at
    stored_before = exists().where(TaggingRow.conversation_id == ConversationRow.id, TaggingRow.created_at < before)
    undated = and_(ConversationRow.started_at.is_(None), stored_before)
    return _ids(
        session,
        select(ConversationRow.id).order_by(ConversationRow.id),
        ConversationRow.organisation_id == organisation_id,
        gone_at.is_(None),
        or_(ConversationRow.started_at < before, undated),
    )


def _invoices(session: Session, organisation_id: int, before: date) -> tuple[list[int], list[int]]:
    invoices = _ids(
        session,
        select(InvoiceRow.id).order_by(InvoiceRow.id),
        InvoiceRow.organisation_id == organisation_id,
        InvoiceRow.numbers_gone_at.is_(None),
        InvoiceRow.issued_on < before,
    )
    payments = _ids(
        session,
        select(PaymentRow.id).order_by(PaymentRow.id),
        PaymentRow.organisation_id == organisation_id,
        PaymentRow.reference_hash.is_not(None),
        PaymentRow.booked_on < before,
    )
    return invoices, payments


def _ids(session: Session, query: Select[int], *conditions: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(query.where(*conditions)))


def _batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
