"""Erases what is kept about one customer, or about one conversation, on request: GDPR Art. 17."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Engine, or_, select, text
from sqlalchemy.orm import Session

from ingest.hashing import ReferenceHasher
from ingest.privacy.forgetting import forget_invoices, forget_numbers, forget_payments, forget_words
from ingest.privacy.key import hold_key
from ingest.privacy.purge import finish
from models.database import transaction
from models.privacy import Erasure
from models.tables import (
    ConversationRow,
    ErasureRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    PaymentRow,
    SaidReferenceRow,
)
from models.values import PiiKind

LOCK_SECONDS = 30

Found: TypeAlias = tuple[Sequence[int], Sequence[int], Sequence[int]]
"""Ids of conversations, of invoices and of payments."""


def erase_customer(
    engine: Engine, organisation_id: int, hasher: ReferenceHasher, number: str, door: str, now: datetime
) -> Erasure:
    """Erase a customer's words and all numbers that lead to the customer; tags, days and sums stay and name nobody.

    Found are the conversations that gave the number or are about one of the customer's invoices, those invoices, and
    what paid them. ``door`` tells how the request came in. A second time nothing is left to be found.
    """
    customer = hasher.hash(PiiKind.CUSTOMER_NUMBER, number)
    return _erase(
        engine, organisation_id, hasher, "customer", door, now, lambda session: _of(session, organisation_id, customer)
    )


def erase_conversation(
    engine: Engine, organisation_id: int, hasher: ReferenceHasher, external_id: str, door: str, now: datetime
) -> Erasure:
    """Erase the words and numbers of one conversation, named by the id that it was imported with."""

    def found(session: Session) -> Found:
        row = ConversationRow
        named = row.external_id.in_((external_id, hasher.gone(external_id)))
        return session.scalars(select(row.id).where(row.organisation_id == organisation_id, named)).all(), (), ()

    return _erase(engine, organisation_id, hasher, "conversation", door, now, found)


def _erase(
    engine: Engine,
    organisation_id: int,
    hasher: ReferenceHasher,
    subject: str,
    door: str,
    now: datetime,
    find: Callable[[Session], Found],
) -> Erasure:
    """All in one transaction, alone, and recorded with it; then the places are overwritten where they stood."""
    with transaction(engine) as session:
        row = ErasureRow(organisation_id=organisation_id, subject=subject, door=door, started_at=now)
        row.conversations = row.invoices = row.payments = 0
        session.add(row)
        session.flush()
        _wait_for_imports(session, organisation_id)
        hold_key(session, hasher)
        conversations, invoices, payments = find(session)
        with_words = forget_words(session, conversations, now)
        row.conversations = max(with_words, forget_numbers(session, conversations, hasher, now))
        row.invoices, paid = forget_invoices(session, invoices, hasher, now)
        row.payments = paid + forget_payments(session, payments)
    finish(engine, organisation_id, now)
    with transaction(engine) as session:
        return Erasure.model_validate(session.get_one(ErasureRow, row.id), from_attributes=True)


def _wait_for_imports(session: Session, organisation_id: int) -> None:
    """So that a running import does not store what is being erased; on SQLite the row just written sees to it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    locked = select(OrganisationRow.id).where(OrganisationRow.id == organisation_id)
    session.execute(locked.with_for_update(key_share=True))


def _of(session: Session, organisation_id: int, customer: str) -> Found:
    theirs = InvoiceRow.organisation_id == organisation_id, InvoiceRow.customer_hash == customer
    invoices = session.execute(select(InvoiceRow.id, InvoiceRow.number_hash, InvoiceRow.reference_hash).where(*theirs))
    rows = invoices.all()
    ids = [row.id for row in rows]
    numbers = {hash for row in rows for hash in (row.number_hash, row.reference_hash) if hash}
    said = select(SaidReferenceRow.conversation_id).where(
        SaidReferenceRow.value_hash.in_({customer, *numbers}), SaidReferenceRow.how != "repaired"
    )
    about = select(LinkRow.conversation_id).where(LinkRow.invoice_id.in_(ids), LinkRow.best)
    told = ConversationRow.customer_hash == customer, ConversationRow.id.in_(said), ConversationRow.id.in_(about)
    conversations = select(ConversationRow.id).where(ConversationRow.organisation_id == organisation_id, or_(*told))
    paying = select(PaymentRow.id).where(
        PaymentRow.organisation_id == organisation_id, PaymentRow.reference_hash.in_(numbers)
    )
    return session.scalars(conversations).all(), ids, session.scalars(paying).all()
