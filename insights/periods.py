"""Which days a question is about, which it is compared with, and how days fold into weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.scope import DOCUMENT_TYPE_OF
from models.errors import BadInput
from models.filters import Filter
from models.tables import ConversationRow, InvoiceEventRow, OrganisationRow

QUIET_DAYS = timedelta(days=3)
"""A weekend or a holiday: data that stops this shortly before a month's end holds the whole month."""
TREND_WEEKS = 53
DAYS_PER_MONTH = 365.25 / 12


def data_days(session: Session, organisation: OrganisationRow) -> tuple[date, date] | None:
    """First and last day of which there is a conversation or a document; none in an empty database."""
    started = ConversationRow.started_at
    talked = session.execute(
        select(func.min(started), func.max(started)).where(ConversationRow.organisation_id == organisation.id)
    ).one()
    days = [moment.date() for moment in talked if moment]
    for kind in DOCUMENT_TYPE_OF:
        days += _first_and_last_sent(session, organisation, kind)
    return (min(days), max(days)) if days else None


def _first_and_last_sent(session: Session, organisation: OrganisationRow, kind: str) -> list[date]:
    """Asked one kind and one end at a time, which an index answers without reading the rows between."""
    of_kind = (InvoiceEventRow.organisation_id == organisation.id, InvoiceEventRow.kind == kind)
    ends = (func.min(InvoiceEventRow.on), func.max(InvoiceEventRow.on))
    found = (session.scalar(select(end).where(*of_kind)) for end in ends)
    return [day for day in found if day]


def with_period(session: Session, organisation: OrganisationRow, filter: Filter) -> Filter:
    """The filter with both ends of its period set.

    None set: the last full calendar month that has conversations, or the month of the newest conversation where no
    full month has any. One set: from, or to, the end of the data. Raises BadInput where the period ends before it
    starts.
    """
    if filter.since is None and filter.until is None:
        since, until = _last_full_month(session, organisation)
    else:
        first, last = data_days(session, organisation) or (date.max, date.min)
        since = filter.since or min(first, filter.until or first)
        until = filter.until or max(last, since)
    if since > until:
        raise BadInput("filter", f"the period starts on {since} and ends on {until}", "Set since to a day before until")
    return filter.model_copy(update={"since": since, "until": until})


def _last_full_month(session: Session, organisation: OrganisationRow) -> tuple[date, date]:
    started, own = ConversationRow.started_at, ConversationRow.organisation_id == organisation.id
    newest = session.scalar(select(func.max(started)).where(own))
    if newest is None:
        newest = datetime.now(UTC)  # nothing to show: any month will do, and this one surprises nobody
    running = month_start(newest.date() + QUIET_DAYS)
    ended = started < datetime(running.year, running.month, 1, tzinfo=UTC)
    talked = session.scalar(select(func.max(started)).where(own, ended)) or newest
    return month_start(talked.date()), month_end(talked.date())


def previous(filter: Filter) -> Filter:
    """The period before: as many calendar months where the period is whole months, else as many days."""
    since, until = period(filter)
    before = since - timedelta(days=1)
    if since.day == 1 and until == month_end(until):
        start = since
        for _ in range(_months(since, until)):
            start = month_start(start - timedelta(days=1))
    else:
        start = before - (until - since)
    return filter.model_copy(update={"since": start, "until": before})


def earlier(session: Session, organisation: OrganisationRow, filter: Filter) -> Filter | None:
    """The period before, or none where the data does not reach back through the whole of it."""
    days, before = data_days(session, organisation), previous(filter)
    covered = days is not None and days[0] <= period(before)[0] + QUIET_DAYS
    return before if covered else None


def trend_span(filter: Filter, days: tuple[date, date]) -> Filter:
    """The filter over all the data up to its period's end, at most a year: one period alone shows no trend."""
    last = max(min(period(filter)[1], days[1]), days[0])
    first = max(days[0], last - timedelta(weeks=TREND_WEEKS - 1))
    return filter.model_copy(update={"since": first, "until": last})


def period(filter: Filter) -> tuple[date, date]:
    """Both ends of a filter that has been through :func:`with_period`."""
    assert filter.since is not None and filter.until is not None  # noqa: S101
    return filter.since, filter.until


def months_in(filter: Filter) -> float:
    """How many months the period is: what turns its cost into a cost a month."""
    since, until = period(filter)
    if since.day == 1 and until == month_end(until):
        return _months(since, until)
    return ((until - since).days + 1) / DAYS_PER_MONTH


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return month_start(month_start(day) + timedelta(days=31)) - timedelta(days=1)


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month + 1


def week_of(day: date) -> date:
    """The Monday that the day's week starts on."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, last: date) -> list[date]:
    """Every Monday from the first day's week to the last day's."""
    count = (week_of(last) - week_of(first)).days // 7 + 1
    return [week_of(first) + timedelta(weeks=number) for number in range(count)]


def by_week(rows: Iterable[Sequence[Any]]) -> dict[tuple[Any, ...], int]:
    """Rows of (day, …, count) added up by (week, …)."""
    totals: dict[tuple[Any, ...], int] = {}
    for day, *keys, count in rows:
        key = (week_of(day), *keys)
        totals[key] = totals.get(key, 0) + int(count)
    return totals
