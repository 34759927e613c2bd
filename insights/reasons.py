"""Why customers get in touch: how often, what it costs, how it changes, and where it comes from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from insights.costs import contact_cost, estimate, sums
from insights.intervals import share
from insights.periods import by_week, data_days, earlier, period, trend_span, weeks, with_period
from insights.scope import contacts, number_by, utc_day
from models.figures import Breakdown, ReasonDetail, ReasonFigures, ReasonWeek
from models.filters import Filter
from models.tables import (
    ConversationRow,
    InvoiceEventRow,
    OrganisationRow,
    TaggingFeatureRow,
    TaggingReasonRow,
    TaggingRow,
    TemplateVersionRow,
)
from models.taxonomy import GROUP_OF_REASON, Reason

UNKNOWN = "unknown"
"""The key of contacts that lack a breakdown's dimension: no queue, or linked to no document."""


def count_by_reason(session: Session, organisation: OrganisationRow, filter: Filter) -> list[ReasonFigures]:
    """Every reason, the most frequent first, for the contacts made in the period.

    ``contacts`` and ``cost`` count each contact once, by its primary reason, ``not_billing`` included: they add up to
    all contacts and their whole cost, and ``share`` is of all contacts. ``raised`` counts a contact at each reason that
    it holds. Raises BadSetting where the organisation has no cost per minute.
    """
    now = with_period(session, organisation, filter)
    before = earlier(session, organisation, now)
    cost = contact_cost(session, organisation)
    primary = TaggingRow.primary_reason
    found = {
        reason: (number, total, squares)
        for reason, number, total, squares in session.execute(
            contacts(organisation, now, primary, func.count(), *sums(cost)).group_by(primary)
        )
    }
    raised, everything = _raised(session, organisation, now), sum(number for number, _, _ in found.values())
    earlier_counts = _primary(session, organisation, before) if before else None
    figures = [
        ReasonFigures(
            reason=reason,
            group=GROUP_OF_REASON[reason],
            contacts=number,
            raised=raised.get(reason, 0),
            share=share(number, everything),
            cost=estimate(organisation, total, squares),
            previous_contacts=None if earlier_counts is None else earlier_counts.get(reason, 0),
        )
        for reason in Reason
        for number, total, squares in [found.get(reason, (0, 0, 0))]
    ]
    return sorted(figures, key=lambda one: (-one.contacts, -one.raised))


def reason_detail(session: Session, organisation: OrganisationRow, filter: Filter, reason: Reason) -> ReasonDetail:
    """One reason's figures, its weeks up to the period's end (a year at most), and where its contacts come from.

    Weeks and breakdowns count the contacts whose primary reason it is. A contact stands in each of its features' rows,
    and in exactly one row of every other dimension: ``unknown`` where it has no queue or no document.
    """
    [figures] = [one for one in count_by_reason(session, organisation, filter) if one.reason is reason]
    now = with_period(session, organisation, filter)
    dimensions: dict[str, Any] = {
        "feature": TaggingFeatureRow.feature,
        "template_version": TemplateVersionRow.name,
        "language": ConversationRow.language,
        "channel": ConversationRow.channel,
        "queue": ConversationRow.queue,
    }
    breakdowns = (
        Breakdown(dimension=name, key=key or UNKNOWN, contacts=number, share=share(number, figures.contacts))
        for name, column in dimensions.items()
        for key, number in _spread(session, organisation, now, reason, column)
    )
    return ReasonDetail(figures=figures, weeks=_weeks(session, organisation, now, reason), breakdowns=tuple(breakdowns))


def _primary(session: Session, organisation: OrganisationRow, filter: Filter) -> dict[str, int]:
    primary = TaggingRow.primary_reason
    return number_by(session, contacts(organisation, filter, primary, func.count()).group_by(primary))


def _raised(session: Session, organisation: OrganisationRow, filter: Filter) -> dict[str, int]:
    query = (
        contacts(organisation, filter, TaggingReasonRow.reason, func.count())
        .join(TaggingReasonRow, TaggingReasonRow.tagging_id == TaggingRow.id)
        .group_by(TaggingReasonRow.reason)
    )
    return number_by(session, query)


def _weeks(session: Session, organisation: OrganisationRow, filter: Filter, reason: Reason) -> tuple[ReasonWeek, ...]:
    days = data_days(session, organisation)
    if days is None:
        return ()
    span = trend_span(filter, days)
    day = utc_day(ConversationRow.started_at)
    rows = session.execute(
        contacts(organisation, span, day, func.count()).where(TaggingRow.primary_reason == reason.value).group_by(day)
    )
    number = by_week(rows)
    return tuple(ReasonWeek(week=week, reason=reason, contacts=number.get((week,), 0)) for week in weeks(*period(span)))


def _spread(
    session: Session, organisation: OrganisationRow, filter: Filter, reason: Reason, column: Any
) -> list[tuple[str | None, int]]:
    number = func.count()
    query = contacts(organisation, filter, column, number).where(TaggingRow.primary_reason == reason.value)
    if column is TaggingFeatureRow.feature:
        query = query.join(TaggingFeatureRow, TaggingFeatureRow.tagging_id == TaggingRow.id)
    if column is TemplateVersionRow.name:
        query = query.outerjoin(TemplateVersionRow, TemplateVersionRow.id == InvoiceEventRow.template_version_id)
    return [(key, count) for key, count in session.execute(query.group_by(column).order_by(number.desc(), column))]
