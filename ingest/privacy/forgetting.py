"""Takes words and numbers out of rows whose tags, days and links between each other stay, and with them all figures.

What is taken is never brought back: an import recognises the rows by a keyed hash that leads nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from ingest.hashing import ReferenceHasher
from models.tables import (
    Base,
    ConversationRow,
    CorrectionRow,
    EvidenceRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentRow,
    RedactionRow,
    ReviewRow,
    SaidReferenceRow,
    TaggingRow,
    TurnRow,
)

NOBODY = ""


def forget_words(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Take out turns, evidence, redactions and who corrected or reviewed; how many conversations had words."""
    rows = update(ConversationRow).where(ConversationRow.id.in_(ids), ConversationRow.words_gone_at.is_(None))
    count = _changed(session, rows.values(words_gone_at=now, content_hash=NOBODY))
    taggings = select(TaggingRow.id).where(TaggingRow.conversation_id.in_(ids))
    session.execute(delete(EvidenceRow).where(EvidenceRow.tagging_id.in_(taggings)))
    for kind in (TurnRow, RedactionRow):
        session.execute(delete(kind).where(kind.conversation_id.in_(ids)))
    session.execute(update(CorrectionRow).where(CorrectionRow.conversation_id.in_(ids)).values(author=NOBODY))
    session.execute(update(ReviewRow).where(ReviewRow.conversation_id.in_(ids)).values(reviewer=NOBODY))
    return count


def forget_numbers(session: Session, ids: Sequence[int], hasher: ReferenceHasher, now: datetime) -> int:
    """Take out the ids that conversations came with and every hash that leads from them to a customer or an invoice."""
    alive = ConversationRow.id.in_(ids), ConversationRow.numbers_gone_at.is_(None)
    came_as = session.execute(select(ConversationRow.id, ConversationRow.external_id).where(*alive)).all()
    _set_each(session, ConversationRow, "external_id", {id: hasher.gone(given) for id, given in came_as})
    session.execute(delete(SaidReferenceRow).where(SaidReferenceRow.conversation_id.in_(ids)))
    return _changed(session, update(ConversationRow).where(*alive).values(customer_hash=None, numbers_gone_at=now))


def forget_invoices(session: Session, ids: Sequence[int], hasher: ReferenceHasher, now: datetime) -> tuple[int, int]:
    """Take out the hashes and lines of invoices, and the references of what paid them; how many of each."""
    alive = InvoiceRow.id.in_(ids), InvoiceRow.numbers_gone_at.is_(None)
    known_by = session.execute(select(InvoiceRow.id, InvoiceRow.number_hash).where(*alive)).all()
    _set_each(session, InvoiceRow, "number_hash", {id: hasher.gone(hash) for id, hash in known_by})
    session.execute(delete(InvoiceLineRow).where(InvoiceLineRow.invoice_id.in_(ids)))
    bare = {"reference_hash": None, "customer_hash": None, "content_hash": NOBODY, "numbers_gone_at": now}
    invoices = _changed(session, update(InvoiceRow).where(*alive).values(**bare))
    paying = select(PaymentRow.id).where(PaymentRow.invoice_id.in_(ids))
    return invoices, forget_payments(session, session.scalars(paying).all())


def forget_payments(session: Session, ids: Sequence[int]) -> int:
    """Take out the references of payments; their own ids are keyed hashes that lead to nobody."""
    rows = update(PaymentRow).where(PaymentRow.id.in_(ids), PaymentRow.reference_hash.is_not(None))
    return _changed(session, rows.values(reference_hash=None))


def _set_each(session: Session, kind: type[Base], column: str, values: dict[int, str]) -> None:
    if values:
        table = cast(Table, kind.__table__)
        statement = update(table).where(table.c.id == bindparam("row")).values({column: bindparam("value")})
        session.execute(statement, [{"row": id, "value": value} for id, value in values.items()])


def _changed(session: Session, statement: Executable) -> int:
    return cast(
        CursorResult[Any], session.execute(statement, execution_options={"synchronize_session": False})
    ).rowcount
