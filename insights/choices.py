"""What the filter can be set to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.periods import data_days, with_period
from insights.templates import versions
from models.filters import Filter, FilterChoices
from models.speech import Channel
from models.tables import ConversationRow, InvoiceRow, OrganisationRow
from models.values import DocumentType


def choices(session: Session, organisation: OrganisationRow) -> FilterChoices:
    """The values that the organisation's data holds, each list in its natural order."""

    def distinct(column: Any, owner: Any) -> list[str]:
        query = select(column).where(owner == organisation.id, column.is_not(None)).distinct()
        return sorted(session.scalars(query))

    days = data_days(session, organisation)
    first, last = days or (None, None)
    default = with_period(session, organisation, Filter()) if days else Filter()
    rows = versions(session, organisation, Filter())
    types, channels = {row.document_type for row in rows}, distinct(*_of(ConversationRow.channel))
    return FilterChoices(
        first_day=first,
        last_day=last,
        default_since=default.since,
        default_until=default.until,
        languages=tuple(distinct(*_of(ConversationRow.language))),
        channels=tuple(channel for channel in Channel if channel in channels),
        queues=tuple(distinct(*_of(ConversationRow.queue))),
        document_types=tuple(one for one in DocumentType if one in types),
        template_versions=tuple(row.name for row in rows),
        segments=tuple(distinct(InvoiceRow.segment, InvoiceRow.organisation_id)),
    )


def _of(column: Any) -> tuple[Any, Any]:
    return column, ConversationRow.organisation_id
