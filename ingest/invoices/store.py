"""Invoices as rows. What is stored stays; a later file fills in what was empty and adds what happened since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ingest.hashing import ReferenceHasher
from ingest.invoices.credit import Credit
from ingest.linking import relink
from ingest.payments.store import match_payments
from ingest.rows import chunks, insert_for_ids, insert_rows
from ingest.templates.store import DOCUMENTS, assign_versions, version_ids
from ingest.tools import Tools
from models.errors import BadInput
from models.tables import InvoiceEventRow, InvoiceLineRow, InvoiceRow
from models.values import DocumentType, Invoice, InvoiceEvent, InvoiceEventKind, PiiKind

_REPEATABLE = (InvoiceEventKind.REMINDED, InvoiceEventKind.COLLECTED)
_LINE = ("name", "quantity", "unit", "unit_price", "amount")


class _Entry(NamedTuple):
    invoice: Invoice
    columns: dict[str, Any]


def store_invoices(
    session: Session,
    organisation_id: int,
    documents: Sequence[Invoice | Credit],
    tools: Tools,
    import_id: int | None,
) -> list[str | BadInput]:
    """Store invoices and credits, then join them to the payments and conversations that wait for them."""
    hashes = [tools.hasher.hash(PiiKind.INVOICE_NUMBER, document.number) for document in documents]
    numbers = dict(zip(hashes, (document.number for document in documents), strict=True))
    known = _known(session, organisation_id, numbers, tools.hasher)
    fresh: list[_Entry] = []
    changed: list[tuple[int, _Entry]] = []
    outcomes: list[str | BadInput] = []
    for document, number_hash in zip(documents, hashes, strict=True):
        stored_id, content_hash = known.get(number_hash, (0, ""))
        if isinstance(document, Credit):
            outcomes.append(_credit(session, organisation_id, stored_id, document))
            continue
        entry = _Entry(document, _columns(document, number_hash, organisation_id, import_id, tools))
        outcomes.append("duplicate" if stored_id else "imported")
        if not stored_id:
            fresh.append(entry)
        elif content_hash != entry.columns["content_hash"]:
            changed.append((stored_id, entry))
    entries = [*fresh, *(entry for _, entry in changed)]
    versions = version_ids(session, organisation_id, _named_versions(entry.invoice for entry in entries))
    _fill(session, changed, versions)
    touched = _insert(session, organisation_id, fresh, versions) + [stored_id for stored_id, _ in changed]
    _join(session, organisation_id, touched, entries)
    return outcomes


def _join(session: Session, organisation_id: int, invoice_ids: Sequence[int], entries: Sequence[_Entry]) -> None:
    for ids in chunks(invoice_ids):
        assign_versions(session, organisation_id, ids)
    numbers = {entry.columns[name] for entry in entries for name in ("number_hash", "reference_hash")} - {None}
    match_payments(session, organisation_id, numbers)
    customers = {entry.columns["customer_hash"] for entry in entries} - {None}
    days = [event.on for entry in entries for event in entry.invoice.events if event.kind in DOCUMENTS]
    relink(session, organisation_id, numbers, customers, days)


def _known(
    session: Session, organisation_id: int, numbers: Mapping[str, str], hasher: ReferenceHasher
) -> dict[str, tuple[int, str]]:
    """Row id and content hash by number's hash, also of invoices that were purged or erased. ``numbers`` by hash."""
    columns = select(InvoiceRow.number_hash, InvoiceRow.id, InvoiceRow.content_hash)
    known: dict[str, tuple[int, str]] = {}
    for chunk in chunks(list(numbers)):
        taken_out = {
            form: hash for hash in chunk for form in hasher.gone_numbers(PiiKind.INVOICE_NUMBER, numbers[hash])
        }
        known_by = taken_out | {hash: hash for hash in chunk}
        found = columns.where(InvoiceRow.organisation_id == organisation_id, InvoiceRow.number_hash.in_(known_by))
        known |= {known_by[number]: (id, content) for number, id, content in session.execute(found)}
    return known


def _columns(
    invoice: Invoice, number_hash: str, organisation_id: int, import_id: int | None, tools: Tools
) -> dict[str, Any]:
    reference, customer, hasher = invoice.payment_reference, invoice.customer_number, tools.hasher
    return {
        "organisation_id": organisation_id,
        "import_id": import_id,
        "number_hash": number_hash,
        "content_hash": hasher.content([b"invoice", invoice.model_dump_json().encode()]),
        "reference_hash": hasher.hash(PiiKind.PAYMENT_REFERENCE, reference) if reference else None,
        "customer_hash": hasher.hash(PiiKind.CUSTOMER_NUMBER, customer) if customer else None,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "period_start": invoice.period_start,
        "period_end": invoice.period_end,
        "amount": invoice.amount,
        "currency": invoice.currency,
        "delivery_channel": invoice.delivery_channel,
        "payment_method": invoice.payment_method,
        "segment": invoice.segment,
    }


def _named_versions(invoices: Iterable[Invoice]) -> dict[str, tuple[DocumentType, date]]:
    """Version names of the documents that were sent, each with its type and the first day that it was seen."""
    seen: dict[str, tuple[DocumentType, date]] = {}
    for invoice in invoices:
        for event in invoice.events:
            if event.template_version and event.kind in DOCUMENTS:
                name = event.template_version[:100]
                first = seen.get(name, (None, event.on))[1]
                seen[name] = (DOCUMENTS[event.kind], min(first, event.on))
    return seen


def _insert(session: Session, organisation_id: int, entries: Sequence[_Entry], versions: dict[str, int]) -> list[int]:
    sent = [next((e for e in invoice.events if e.kind == InvoiceEventKind.SENT), None) for invoice, _ in entries]
    rows = [
        columns | {"template_version_id": _version(event, versions) if event else None}
        for (_, columns), event in zip(entries, sent, strict=True)
    ]
    ids = insert_for_ids(session, InvoiceRow, rows, "number_hash", organisation_id=organisation_id)
    lines, events = [], []
    for id, (invoice, _) in zip(ids, entries, strict=True):
        lines += [
            {"invoice_id": id, "position": position, **{name: getattr(line, name) for name in _LINE}}
            for position, line in enumerate(invoice.lines, 1)
        ]
        events += [_event_row(id, organisation_id, event, versions) for event in invoice.events]
    insert_rows(session, InvoiceLineRow, lines)
    insert_rows(session, InvoiceEventRow, events)
    return ids


def _event_row(invoice_id: int, organisation_id: int, event: InvoiceEvent, versions: dict[str, int]) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "invoice_id": invoice_id,
        "kind": event.kind,
        "on": event.on,
        "template_version_id": _version(event, versions),
    }


def _version(event: InvoiceEvent, versions: dict[str, int]) -> int | None:
    return versions[event.template_version[:100]] if event.template_version and event.kind in DOCUMENTS else None


def _fill(session: Session, changed: Sequence[tuple[int, _Entry]], versions: dict[str, int]) -> None:
    """Complete stored invoices from what a later file says about them."""
    entries = dict(changed)
    for ids in chunks(list(entries)):
        both = selectinload(InvoiceRow.lines), selectinload(InvoiceRow.events)
        for row in session.scalars(select(InvoiceRow).where(InvoiceRow.id.in_(ids)).options(*both)):
            invoice, columns = entries[row.id]
            _fill_events(row, invoice, versions)
            if row.numbers_gone_at is not None:
                continue
            for name, value in columns.items():
                if getattr(row, name) is None:
                    setattr(row, name, value)
            row.content_hash = columns["content_hash"]
            if not row.lines:
                lines = enumerate(invoice.lines, 1)
                row.lines = [InvoiceLineRow(position=at, **line.model_dump()) for at, line in lines]
    session.flush()


def _fill_events(row: InvoiceRow, invoice: Invoice, versions: dict[str, int]) -> None:
    """A reminder or collection on a new day is a new letter; anything else happens once."""
    for event in invoice.events:
        alike = [stored for stored in row.events if stored.kind == event.kind]
        same = [stored for stored in alike if stored.on == event.on or event.kind not in _REPEATABLE]
        for stored in same:
            stored.template_version_id = stored.template_version_id or _version(event, versions)
        if not same:
            row.events.append(InvoiceEventRow(**_event_row(row.id, row.organisation_id, event, versions)))
        if event.kind == InvoiceEventKind.SENT:
            row.template_version_id = row.template_version_id or _version(event, versions)


def _credit(session: Session, organisation_id: int, invoice_id: int, credit: Credit) -> str | BadInput:
    if not invoice_id:
        problem = "the credit note takes back an invoice that is not stored"
        return BadInput("", problem, "Import the invoice first, then the credit note again.")
    event = _event_row(invoice_id, organisation_id, InvoiceEvent(kind=InvoiceEventKind.CREDITED, on=credit.on), {})
    same = [getattr(InvoiceEventRow, name) == event[name] for name in ("invoice_id", "kind", "on")]
    if session.scalar(select(InvoiceEventRow.id).where(*same)):
        return "duplicate"
    insert_rows(session, InvoiceEventRow, [event])
    return "imported"
