"""The first page: what billing contacts cost, what to mend first, and how it goes week by week."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from insights.costs import contact_cost, cost_per_minute, estimate, sums
from insights.intervals import rate, share
from insights.mend import mend_first
from insights.periods import by_week, data_days, earlier, period, trend_span, weeks, with_period
from insights.scope import BILLING, DOCUMENT_TYPE_OF, by_sending, contacts, documents, utc_day
from insights.templates import versions
from models.figures import Freshness, Overview, PeriodFigures, Ratio, Release, TrendPoint
from models.filters import Filter
from models.tables import (
    ConversationRow,
    ImportRow,
    InvoiceEventRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    PaymentRow,
    TaggingRow,
)
from models.taxonomy import GROUP_OF_REASON, Reason, ReasonGroup
from models.values import DocumentType, InvoiceEventKind


def overview(session: Session, organisation: OrganisationRow, filter: Filter) -> Overview:
    """Figures of the period and the one before, the three costliest things to mend, trend and freshness.

    Counts and costs are those of the contacts *made* in the period; rates are those of the documents *sent* in it.
    Raises BadSetting where the organisation has no cost per minute.
    """
    now = with_period(session, organisation, filter)
    before = earlier(session, organisation, now)
    days = data_days(session, organisation)
    return Overview(
        period=_period_figures(session, organisation, now),
        previous=_period_figures(session, organisation, before) if before else None,
        cost_per_minute=cost_per_minute(organisation),
        mend_first=mend_first(session, organisation, now),
        trend=_trend(session, organisation, now, days) if days else (),
        releases=_releases(session, organisation, filter, days) if days else (),
        linked=_linked(session, organisation, now),
        freshness=_freshness(session, organisation),
    )


def _period_figures(session: Session, organisation: OrganisationRow, filter: Filter) -> PeriodFigures:
    billing, cost = contacts(organisation, filter).where(BILLING), contact_cost(session, organisation)
    number, total, squares = session.execute(billing.with_only_columns(func.count(), *sums(cost))).one()
    everything = session.scalar(contacts(organisation, filter, func.count())) or 0
    sent = by_sending(filter)
    about_sent = session.scalar(contacts(organisation, sent, func.count(InvoiceEventRow.id)).where(BILLING)) or 0
    since, until = period(filter)
    return PeriodFigures(
        since=since,
        until=until,
        contacts=everything,
        billing_contacts=number,
        cost=estimate(organisation, total, squares),
        per_thousand_documents=rate(about_sent, session.scalar(documents(organisation, filter, func.count())) or 0),
        billing_share=share(number, everything),
        paid_late_after_contact=_paid_late(session, organisation, filter),
    )


def _paid_late(session: Session, organisation: OrganisationRow, filter: Filter) -> Ratio:
    """Of the invoices *due* in the period that a billing contact asked about by the due date, the share not paid by it.

    By the due date, since a period's newer invoices are not due yet when it ends. A contact after the due date is left
    out: it is often *because* the invoice is late.
    """
    since, until = period(filter)
    known_to = _paid_to(session, organisation)
    if known_to is None:
        return share(0, 0)
    asked = (
        contacts(
            organisation, filter.model_copy(update={"since": None, "until": None}), InvoiceRow.id, InvoiceRow.due_on
        )
        .join(InvoiceRow, InvoiceRow.id == LinkRow.invoice_id)
        .where(
            BILLING,
            utc_day(ConversationRow.started_at) <= InvoiceRow.due_on,
            InvoiceRow.due_on.between(since, min(until, known_to)),
        )
        .distinct()
        .subquery()
    )
    paid = exists().where(
        InvoiceEventRow.invoice_id == asked.c.id,
        InvoiceEventRow.kind == InvoiceEventKind.PAID.value,
        InvoiceEventRow.on <= asked.c.due_on,
    )
    booked = exists().where(PaymentRow.invoice_id == asked.c.id, PaymentRow.booked_on <= asked.c.due_on)
    in_time = func.sum(case((or_(paid, booked), 1), else_=0))
    number, punctual = session.execute(select(func.count(), in_time).select_from(asked)).one()
    return share(number - (punctual or 0), number)


def _paid_to(session: Session, organisation: OrganisationRow) -> date | None:
    """The newest day of which a payment is known: later due dates say nothing yet."""
    paid = (InvoiceEventRow.organisation_id == organisation.id, InvoiceEventRow.kind == InvoiceEventKind.PAID.value)
    newest = (
        session.scalar(select(func.max(InvoiceEventRow.on)).where(*paid)),
        session.scalar(select(func.max(PaymentRow.booked_on)).where(PaymentRow.organisation_id == organisation.id)),
    )
    return max((day for day in newest if day), default=None)


def _linked(session: Session, organisation: OrganisationRow, filter: Filter) -> Ratio:
    """How many of the period's billing contacts lead to a document: the others are in no rate."""
    query = contacts(organisation, filter, func.count(InvoiceEventRow.id), func.count()).where(BILLING)
    linked, number = session.execute(query).one()
    return share(linked, number)


def _trend(
    session: Session, organisation: OrganisationRow, filter: Filter, days: tuple[date, date]
) -> tuple[TrendPoint, ...]:
    """Every week and reason group up to the period's end, at most a year; contacts by the day they were made."""
    span = trend_span(filter, days)
    day = utc_day(ConversationRow.started_at)
    made = session.execute(
        contacts(organisation, span, day, TaggingRow.primary_reason, func.count())
        .where(BILLING)
        .group_by(day, TaggingRow.primary_reason)
    )
    number = by_week((on, GROUP_OF_REASON[Reason(reason)], count) for on, reason, count in made)
    on = InvoiceEventRow.on
    sent = by_week(session.execute(documents(organisation, span, on, func.count()).group_by(on)))
    return tuple(
        TrendPoint(week=week, group=group, contacts=number.get((week, group), 0), documents=sent.get((week,), 0))
        for week in weeks(*period(span))
        for group in ReasonGroup
        if group is not ReasonGroup.OTHER
    )


def _releases(
    session: Session, organisation: OrganisationRow, filter: Filter, days: tuple[date, date]
) -> tuple[Release, ...]:
    """The versions that came into use inside the data, oldest first."""
    found = (row for row in versions(session, organisation, filter) if days[0] < row.valid_from <= days[1])
    return tuple(
        Release(on=row.valid_from, template_version=row.name, document_type=DocumentType(row.document_type))
        for row in sorted(found, key=lambda row: (row.valid_from, row.name))
    )


def _freshness(session: Session, organisation: OrganisationRow) -> Freshness:
    def newest(column: Any, owner: Any, *conditions: Any) -> Any:
        return session.scalar(select(func.max(column)).where(and_(owner == organisation.id, *conditions)))

    sent = InvoiceEventRow.kind.in_(DOCUMENT_TYPE_OF)
    return Freshness(
        newest_conversation=newest(ConversationRow.started_at, ConversationRow.organisation_id),
        newest_document=newest(InvoiceEventRow.on, InvoiceEventRow.organisation_id, sent),
        newest_payment=newest(PaymentRow.booked_on, PaymentRow.organisation_id),
        last_import=newest(ImportRow.finished_at, ImportRow.organisation_id),
    )
