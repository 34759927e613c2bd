"""Which invoice, and which letter of it, a conversation is about.

A number that leads to an invoice outweighs the customer and the date. Links are worked out anew whenever a side
arrives, from stored hashes alone, so that the order of the files does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from ingest.rows import chunks, insert_rows
from models.tables import ConversationRow, InvoiceEventRow, InvoiceRow, LinkRow, SaidReferenceRow, TaggingRow
from models.taxonomy import Reason
from models.values import InvoiceEventKind, PiiKind

WINDOW = timedelta(days=60)
"""A customer calls about a letter of the last two months, or names another one."""

_DOCUMENTS = (InvoiceEventKind.SENT, InvoiceEventKind.REMINDED, InvoiceEventKind.COLLECTED)
_LETTER = {
    Reason.REMINDER_RECEIVED: InvoiceEventKind.REMINDED,
    Reason.DEBT_COLLECTION: InvoiceEventKind.COLLECTED,
    Reason.SERVICE_SUSPENDED: InvoiceEventKind.COLLECTED,
}
_HOW = {
    "given": (0.99, "the file gives the {}"),
    "said": (0.97, "the {} was said"),
    "repaired": (0.75, "a {} was said; its check digit allows one correction that leads to an invoice"),
}
_OTHER_NUMBER = 0.93
_SEVERAL_INVOICES = 0.9
_NOT_YET_SENT = 0.5
_BY_CUSTOMER, _BY_CUSTOMER_LOST = 0.8, 0.4


class _Contact(NamedTuple):
    id: int
    on: date | None
    reason: str
    customer_hash: str | None


class _Document(NamedTuple):
    id: int
    invoice_id: int
    kind: str
    on: date


class _Hit(NamedTuple):
    invoice_id: int
    score: float
    because: str


def link_conversations(session: Session, organisation_id: int, conversation_ids: Collection[int]) -> None:
    """Work out anew the links of those of these conversations that are the organisation's."""
    for ids in chunks(list(conversation_ids)):
        contacts = _contacts(session, organisation_id, ids)
        hits = _by_number(session, organisation_id, contacts)
        for contact, found in _by_customer(session, organisation_id, contacts).items():
            hits[contact].append(found)
        documents = _documents(session, {hit.invoice_id for found in hits.values() for hit in found})
        mine = [contact.id for contact in contacts]
        session.execute(delete(LinkRow).where(LinkRow.conversation_id.in_(mine)))
        insert_rows(
            session, LinkRow, [row for contact in contacts for row in _links(contact, hits[contact.id], documents)]
        )


def relink(
    session: Session, organisation_id: int, numbers: Collection[str], customers: Collection[str], days: Sequence[date]
) -> None:
    """Link the conversations that gave one of these numbers, or whose customer got a letter on one of these days."""
    touched: set[int] = set()
    for chunk in chunks(set(numbers)):
        said = select(SaidReferenceRow.conversation_id).where(SaidReferenceRow.value_hash.in_(chunk))
        touched |= set(session.scalars(said))
    for chunk in chunks(set(customers) if days else set()):
        after, before = _midnight(min(days)), _midnight(max(days) + WINDOW + timedelta(days=1))
        called = select(ConversationRow.id).where(ConversationRow.customer_hash.in_(chunk))
        touched |= set(session.scalars(called.where(ConversationRow.started_at.between(after, before))))
    link_conversations(session, organisation_id, touched)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _contacts(session: Session, organisation_id: int, ids: Sequence[int]) -> list[_Contact]:
    """Those whose links can be worked out anew; where numbers were purged or erased, links stay as they are."""
    leads_to_a_bare_invoice = exists().where(
        LinkRow.conversation_id == ConversationRow.id,
        LinkRow.best,
        InvoiceRow.id == LinkRow.invoice_id,
        InvoiceRow.numbers_gone_at.is_not(None),
    )
    rows = session.execute(
        select(ConversationRow.id, ConversationRow.started_at, TaggingRow.primary_reason, ConversationRow.customer_hash)
        .join(TaggingRow, TaggingRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.organisation_id == organisation_id, ConversationRow.id.in_(ids), TaggingRow.current)
        .where(ConversationRow.numbers_gone_at.is_(None), ~leads_to_a_bare_invoice)
        .order_by(ConversationRow.id)
    )
    return [_Contact(id, at and at.date(), reason, customer) for id, at, reason, customer in rows]


def _by_number(session: Session, organisation_id: int, contacts: Sequence[_Contact]) -> dict[int, list[_Hit]]:
    """Invoices whose payment reference or number was given or said, by conversation."""
    said = SaidReferenceRow
    called_on = {contact.id: contact.on for contact in contacts}
    found: dict[tuple[int, str, str, str], list[tuple[date, int]]] = defaultdict(list)
    for kind, column in (
        (PiiKind.PAYMENT_REFERENCE, InvoiceRow.reference_hash),
        (PiiKind.INVOICE_NUMBER, InvoiceRow.number_hash),
    ):
        rows = session.execute(
            select(said.conversation_id, said.kind, said.how, said.value_hash, InvoiceRow.issued_on, InvoiceRow.id)
            .join(InvoiceRow, column == said.value_hash)
            .where(InvoiceRow.organisation_id == organisation_id, said.conversation_id.in_(called_on))
        )
        for conversation, said_kind, how, value, issued_on, invoice in rows:
            if said_kind != PiiKind.CUSTOMER_NUMBER:
                found[conversation, how, said_kind, f"{value} {kind}"].append((issued_on, invoice))
    return _hits(found, called_on)


def _hits(
    found: dict[tuple[int, str, str, str], list[tuple[date, int]]], called_on: dict[int, date | None]
) -> dict[int, list[_Hit]]:
    repaired = defaultdict(set)
    certain = {conversation for conversation, how, *_ in found if how != "repaired"}
    for conversation, how, _, value in found:
        if how == "repaired":
            repaired[conversation].add(value.split()[0])
    hits: dict[int, list[_Hit]] = defaultdict(list)
    for (conversation, how, said_kind, value), invoices in found.items():
        if how == "repaired" and (conversation in certain or len(repaired[conversation]) > 1):
            continue
        score, because = _HOW[how]
        score *= 1 if value.endswith(said_kind) else _OTHER_NUMBER
        score *= 1 if len(invoices) == 1 else _SEVERAL_INVOICES
        on = called_on[conversation] or date.max
        _, invoice = max(invoices, key=lambda issued: (issued[0] <= on, issued))
        hits[conversation].append(_Hit(invoice, score, because.format(said_kind.replace("_", " "))))
    return hits


def _by_customer(session: Session, organisation_id: int, contacts: Sequence[_Contact]) -> dict[int, _Hit]:
    """The newest letter that the customer got in the two months before; the right kind of letter where one is meant."""
    dated = [(contact, contact.on) for contact in contacts if contact.customer_hash and contact.on]
    if not dated:
        return {}
    days = [on for _, on in dated]
    rows = session.execute(
        select(InvoiceRow.customer_hash, InvoiceEventRow.on, InvoiceEventRow.kind, InvoiceRow.id)
        .join(InvoiceEventRow, InvoiceEventRow.invoice_id == InvoiceRow.id)
        .where(
            InvoiceRow.organisation_id == organisation_id,
            InvoiceRow.customer_hash.in_({contact.customer_hash for contact, _ in dated}),
            InvoiceEventRow.kind.in_(_DOCUMENTS),
            InvoiceEventRow.on.between(min(days) - WINDOW, max(days)),
        )
    )
    letters: dict[str, list[tuple[date, str, int]]] = defaultdict(list)
    for customer, on, kind, invoice in rows:
        letters[str(customer)].append((on, kind, invoice))
    hits = {}
    for contact, on in dated:
        recent = [letter for letter in letters[str(contact.customer_hash)] if on - WINDOW <= letter[0] <= on]
        wanted = _LETTER.get(Reason(contact.reason))
        newest = max(recent, key=lambda letter: (letter[1] == wanted, letter), default=None)
        if newest is not None:
            hits[contact.id] = _fading(newest[2], on - newest[0])
    return hits


def _fading(invoice_id: int, age: timedelta) -> _Hit:
    share = age / WINDOW
    when = "week" if age.days <= 7 else "month" if age.days <= 31 else "two months"
    score = _BY_CUSTOMER - (_BY_CUSTOMER - _BY_CUSTOMER_LOST) * share
    return _Hit(invoice_id, score, f"the newest letter to this customer, in the {when} before")


def _documents(session: Session, invoice_ids: set[int]) -> dict[int, list[_Document]]:
    documents: dict[int, list[_Document]] = defaultdict(list)
    for chunk in chunks(invoice_ids):
        rows = session.execute(
            select(InvoiceEventRow.id, InvoiceEventRow.invoice_id, InvoiceEventRow.kind, InvoiceEventRow.on)
            .where(InvoiceEventRow.invoice_id.in_(chunk), InvoiceEventRow.kind.in_(_DOCUMENTS))
            .order_by(InvoiceEventRow.on, InvoiceEventRow.id)
        )
        for row in rows:
            documents[row.invoice_id].append(_Document(*row))
    return documents


def _links(contact: _Contact, hits: Iterable[_Hit], documents: dict[int, list[_Document]]) -> list[dict[str, object]]:
    """One row an invoice, the likeliest first and marked."""
    links: dict[int, dict[str, object]] = {}
    for hit in hits:
        document, early = _meant(contact, documents.get(hit.invoice_id, []))
        score = hit.score * (_NOT_YET_SENT if early else 1)
        if hit.invoice_id not in links or score > float(str(links[hit.invoice_id]["score"])):
            links[hit.invoice_id] = {
                "conversation_id": contact.id,
                "invoice_id": hit.invoice_id,
                "event_id": document.id if document else None,
                "score": round(score, 3),
                "because": hit.because,
                "best": False,
            }
    ordered = sorted(links.values(), key=lambda link: (-float(str(link["score"])), str(link["invoice_id"])))
    for link in ordered[:1]:
        link["best"] = True
    return ordered


def _meant(contact: _Contact, documents: Sequence[_Document]) -> tuple[_Document | None, bool]:
    """The letter that a contact is about: the kind that the reason names, else the newest before it.

    True beside it means that none had been sent by then; then it is the first one.
    """
    before = [document for document in documents if contact.on is None or document.on <= contact.on]
    wanted = _LETTER.get(Reason(contact.reason))
    if not before:
        return (documents[0] if documents else None), bool(documents)
    return max(before, key=lambda document: (document.kind == wanted, document.on, document.id)), False
