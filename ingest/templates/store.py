"""Template versions as rows, and which version a document was printed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Update, case, func, or_, select, update
from sqlalchemy.orm import Session

from ingest.rows import chunks, fitted, insert_for_ids
from ingest.tools import Tools
from models.tables import InvoiceEventRow, InvoiceRow, TemplatePageRow, TemplateVersionRow, TemplateZoneRow
from models.values import DocumentType, InvoiceEventKind, TemplateVersion

DOCUMENTS = {
    InvoiceEventKind.SENT: DocumentType.INVOICE,
    InvoiceEventKind.REMINDED: DocumentType.REMINDER,
    InvoiceEventKind.COLLECTED: DocumentType.COLLECTION_NOTICE,
}
"""The events that send a document, and which."""

NOT_DESCRIBED = ""
"""Content hash of a version that so far is only a name in a register."""


def store_template_versions(
    session: Session, organisation_id: int, versions: Sequence[TemplateVersion], tools: Tools, import_id: int | None
) -> list[str]:
    """Store new and changed versions, then name the version of documents that had none. Returns the outcomes."""
    outcomes = [_store(session, organisation_id, version, tools) for version in versions]
    session.flush()
    if "imported" in outcomes:
        assign_versions(session, organisation_id)
    return outcomes


def _store(session: Session, organisation_id: int, version: TemplateVersion, tools: Tools) -> str:
    parts = [b"template", version.model_dump_json(exclude={"pages"}).encode(), *version.pages]
    content_hash = tools.hasher.content(parts)
    row = session.scalar(
        select(TemplateVersionRow).where(
            TemplateVersionRow.organisation_id == organisation_id, TemplateVersionRow.name == version.name
        )
    )
    if row is not None and row.content_hash == content_hash:
        return "duplicate"
    if row is None:
        row = TemplateVersionRow(organisation_id=organisation_id)
        session.add(row)
    else:
        row.pages, row.zones = [], []
        session.flush()
    values = version.model_dump(mode="json", exclude={"pages", "zones", "valid_from", "valid_to"})
    values |= {"valid_from": version.valid_from, "valid_to": version.valid_to, "content_hash": content_hash}
    for key, value in fitted(TemplateVersionRow, values).items():
        setattr(row, key, value)
    row.pages = [TemplatePageRow(number=number, image=page) for number, page in enumerate(version.pages, 1)]
    zones = [fitted(TemplateZoneRow, zone.model_dump(mode="json")) for zone in version.zones]
    row.zones = [TemplateZoneRow(**zone) for zone in zones]
    return "imported"


def version_ids(
    session: Session, organisation_id: int, wanted: Mapping[str, tuple[DocumentType, date]]
) -> dict[str, int]:
    """Ids of versions by name; a name that is not described yet becomes a version that begins on the given day."""
    stored = select(TemplateVersionRow.name, TemplateVersionRow.id).where(
        TemplateVersionRow.organisation_id == organisation_id, TemplateVersionRow.name.in_(wanted)
    )
    ids = {row.name: row.id for row in session.execute(stored)}
    unknown = [name for name in wanted if name not in ids]
    rows = [
        {
            "organisation_id": organisation_id,
            "name": name,
            "document_type": wanted[name][0],
            "valid_from": wanted[name][1],
            "payment_methods": [],
            "note": "",
            "content_hash": NOT_DESCRIBED,
        }
        for name in unknown
    ]
    new_ids = insert_for_ids(session, TemplateVersionRow, rows, "name", organisation_id=organisation_id)
    return ids | dict(zip(unknown, new_ids, strict=True))


def assign_versions(session: Session, organisation_id: int, invoice_ids: Sequence[int] | None = None) -> None:
    """Name the version of letters that have none, where exactly one fits by type, day, segment and channel."""
    event, invoice = InvoiceEventRow, InvoiceRow
    mine = event.organisation_id == organisation_id if invoice_ids is None else event.invoice_id.in_(invoice_ids)
    # Coalesced so that no database looks through the many events without a version, most of which are no letters.
    nameless = select(event.id, event.invoice_id).where(
        mine, event.kind.in_(DOCUMENTS), func.coalesce(event.template_version_id, 0) == 0
    )
    for letters in chunks(session.execute(nameless).all()):
        fits = _fitting(func.count()) == 1
        events = update(event).where(event.id.in_([letter.id for letter in letters]), fits)
        _update(session, events.values(template_version_id=_fitting(func.min(TemplateVersionRow.id))))
        sent = select(event.template_version_id).where(
            event.invoice_id == invoice.id, event.kind == InvoiceEventKind.SENT
        )
        invoices = update(invoice).where(invoice.id.in_({letter.invoice_id for letter in letters}))
        _update(session, invoices.values(template_version_id=sent.limit(1).scalar_subquery()))


def _update(session: Session, statement: Update) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _fitting(what: ColumnElement[int]) -> ScalarSelect[int]:
    """Something about the described versions that an event's document can have been printed with."""
    event, version = InvoiceEventRow, TemplateVersionRow
    type_of_kind = case({kind.value: document.value for kind, document in DOCUMENTS.items()}, value=event.kind)
    return (
        select(what)
        .select_from(version)
        .join(InvoiceRow, InvoiceRow.id == event.invoice_id)
        .where(
            version.organisation_id == event.organisation_id,
            version.content_hash != NOT_DESCRIBED,
            version.document_type == type_of_kind,
            version.valid_from <= event.on,
            or_(version.valid_to.is_(None), version.valid_to >= event.on),
            or_(version.segment.is_(None), version.segment == InvoiceRow.segment),
            or_(version.channel.is_(None), version.channel == InvoiceRow.delivery_channel),
        )
        .correlate(event)
        .scalar_subquery()
    )
