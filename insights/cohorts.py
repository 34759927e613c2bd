"""Documents by the day they were sent, and the contacts that they brought: what verdicts and alarms are made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import Session

from insights.scope import BILLING, contacts, days_between, documents, utc_day
from models.filters import Filter
from models.tables import ConversationRow, InvoiceEventRow, InvoiceRow, OrganisationRow, TaggingReasonRow, TaggingRow
from models.taxonomy import Reason


class Run(NamedTuple):
    """The documents of one template version that went out to one segment on one day."""

    version: int
    segment: str | None
    on: date


@dataclass
class Cohorts:
    """Documents of each run, and the billing contacts about them by reason raised; ``None`` counts each once."""

    sent: Counter[Run] = field(default_factory=Counter)
    about: Counter[tuple[Run, Reason | None]] = field(default_factory=Counter)


def cohorts(session: Session, organisation: OrganisationRow, filter: Filter, within_days: int | None = None) -> Cohorts:
    """Every run that the filter matches; with ``within_days``, only contacts made that soon after the sending."""
    run = (InvoiceEventRow.template_version_id, InvoiceRow.segment, InvoiceEventRow.on)
    known = InvoiceEventRow.template_version_id.is_not(None)
    found = Cohorts()
    sent = documents(organisation, filter, *run, func.count()).join(
        InvoiceRow, InvoiceRow.id == InvoiceEventRow.invoice_id
    )
    for *key, number in session.execute(sent.where(known).group_by(*run)):
        found.sent[Run(*key)] = number
    about = contacts(organisation, filter).join(InvoiceRow, InvoiceRow.id == InvoiceEventRow.invoice_id)
    about = about.where(known, BILLING)
    if within_days is not None:
        delay = days_between(InvoiceEventRow.on, utc_day(ConversationRow.started_at))
        about = about.where(delay <= within_days)
    for *key, number in session.execute(about.with_only_columns(*run, func.count()).group_by(*run)):
        found.about[Run(*key), None] = number
    raised = about.join(TaggingReasonRow, TaggingReasonRow.tagging_id == TaggingRow.id)
    reason = TaggingReasonRow.reason
    for *key, name, number in session.execute(
        raised.with_only_columns(*run, reason, func.count()).group_by(*run, reason)
    ):
        found.about[Run(*key), Reason(name)] = number
    return found
