"""The one place that turns a filter into SQL: which contacts and which documents a question is about.

A *contact* is a conversation with its current tagging and the document that its best link leads to. A *document* is
an event that sends a letter: an invoice, a reminder or a collection notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Executable, Integer, Select, and_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from models.filters import Filter
from models.tables import (
    ConversationRow,
    InvoiceEventRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    TaggingFeatureRow,
    TaggingReasonRow,
    TaggingRow,
    TemplateVersionRow,
)
from models.taxonomy import Reason
from models.values import DocumentType, InvoiceEventKind

DOCUMENT_TYPE_OF: dict[str, DocumentType] = {
    InvoiceEventKind.SENT.value: DocumentType.INVOICE,
    InvoiceEventKind.REMINDED.value: DocumentType.REMINDER,
    InvoiceEventKind.COLLECTED.value: DocumentType.COLLECTION_NOTICE,
}
BILLING: ColumnElement[bool] = TaggingRow.primary_reason != Reason.NOT_BILLING.value
"""The contact is about invoices or payment."""


class utc_day(FunctionElement[date]):  # noqa: N801 (reads as the SQL function that it is)
    """The calendar day, in UTC, of a point in time."""

    type = Date()
    inherit_cache = True


class days_between(FunctionElement[int]):  # noqa: N801
    """Whole days from the first date to the second."""

    type = Integer()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)})"


@compiles(utc_day, "postgresql")
def _postgresql_day(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(timezone('UTC', {compiler.process(element.clauses, **kw)}) AS DATE)"


@compiles(days_between, "sqlite")
def _sqlite_days(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _postgresql_days(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({second} - {first})"


def contacts(organisation: OrganisationRow, filter: Filter, *columns: Any) -> Select[Any]:
    """Select from the contacts that match: one row a conversation, its document empty where it is not linked.

    A reason, feature or step matches where the current tagging holds it; a template version, document type or segment
    where the linked document has it.
    """
    return (
        select(*columns)
        .select_from(ConversationRow)
        .join(TaggingRow, and_(TaggingRow.conversation_id == ConversationRow.id, TaggingRow.current))
        .outerjoin(LinkRow, and_(LinkRow.conversation_id == ConversationRow.id, LinkRow.best))
        .outerjoin(InvoiceEventRow, InvoiceEventRow.id == LinkRow.event_id)
        .where(
            ConversationRow.organisation_id == organisation.id,
            *_moments(filter),
            *_words(filter),
            *_about(organisation, filter, LinkRow.invoice_id),
        )
    )


def documents(organisation: OrganisationRow, filter: Filter, *columns: Any) -> Select[Any]:
    """Select from the documents sent in the filter's period. What only a contact has (reason, queue …) does not narrow
    them: a rate keeps all documents that could have brought such a contact below the line."""
    return (
        select(*columns)
        .select_from(InvoiceEventRow)
        .where(
            InvoiceEventRow.organisation_id == organisation.id,
            InvoiceEventRow.kind.in_(DOCUMENT_TYPE_OF),
            *_about(organisation, by_sending(filter), InvoiceEventRow.invoice_id),
        )
    )


def by_sending(filter: Filter) -> Filter:
    """The same filter with its period meant as the days when documents were sent.

    Every rate counts by it, above and below the line: contacts *whose document was sent* in the period per documents
    sent in it. So each contact above stands beside its own document below, and a version that came into use in the
    middle of a month, or went out of it, is not charged with contacts about documents that the month does not hold.
    Contacts that are linked to no document cannot be in a rate; the overview shows how many are linked.
    """
    return filter.model_copy(
        update={
            "since": None,
            "until": None,
            "sent_since": filter.sent_since or filter.since,
            "sent_until": filter.sent_until or filter.until,
        }
    )


def number_by(session: Session, query: Executable) -> dict[Any, int]:
    """What a query of (key, count) answers, as a dictionary."""
    return {key: int(number) for key, number in session.execute(query)}


def _moments(filter: Filter) -> Iterable[ColumnElement[bool]]:
    if filter.since:
        yield ConversationRow.started_at >= datetime.combine(filter.since, time(), UTC)
    if filter.until:
        yield ConversationRow.started_at < datetime.combine(filter.until + timedelta(days=1), time(), UTC)


def _words(filter: Filter) -> Iterable[ColumnElement[bool]]:
    if filter.languages:
        yield ConversationRow.language.in_(filter.languages)
    if filter.channels:
        yield ConversationRow.channel.in_(filter.channels)
    if filter.queues:
        yield ConversationRow.queue.in_(filter.queues)
    if filter.steps:
        yield TaggingRow.step.in_(filter.steps)
    if filter.reasons:
        raised = select(TaggingReasonRow.tagging_id).where(TaggingReasonRow.reason.in_(filter.reasons))
        yield TaggingRow.id.in_(raised)
    if filter.features:
        about = select(TaggingFeatureRow.tagging_id).where(TaggingFeatureRow.feature.in_(filter.features))
        yield TaggingRow.id.in_(about)


def _about(organisation: OrganisationRow, filter: Filter, invoice_id: Any) -> Iterable[ColumnElement[bool]]:
    if filter.sent_since:
        yield InvoiceEventRow.on >= filter.sent_since
    if filter.sent_until:
        yield InvoiceEventRow.on <= filter.sent_until
    if filter.document_types:
        kinds = [kind for kind, document_type in DOCUMENT_TYPE_OF.items() if document_type in filter.document_types]
        yield InvoiceEventRow.kind.in_(kinds)
    if filter.template_versions:
        named = select(TemplateVersionRow.id).where(
            TemplateVersionRow.organisation_id == organisation.id,
            TemplateVersionRow.name.in_(filter.template_versions),
        )
        yield InvoiceEventRow.template_version_id.in_(named)
    if filter.segments:
        of_segment = select(InvoiceRow.id).where(
            InvoiceRow.organisation_id == organisation.id, InvoiceRow.segment.in_(filter.segments)
        )
        yield invoice_id.in_(of_segment)
