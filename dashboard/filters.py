"""What the pages are narrowed by: read from the address and written to it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from dashboard.client import Query
from dashboard.language import Texts
from models.filters import Filter, FilterChoices
from models.speech import Channel
from models.taxonomy import Feature, Reason, Step
from models.values import DocumentType

FIELDS = {
    "since": "since",
    "until": "until",
    "sent_since": "sent_since",
    "sent_until": "sent_until",
    "language": "languages",
    "channel": "channels",
    "queue": "queues",
    "document_type": "document_types",
    "template_version": "template_versions",
    "segment": "segments",
    "reason": "reasons",
    "feature": "features",
    "step": "steps",
}
"""The name of each field of the filter in an address, which is also its name in the API."""
DATES = ("since", "until", "sent_since", "sent_until")
PERIOD = ("since", "until")
IDS: dict[str, type[StrEnum]] = {
    "channel": Channel,
    "document_type": DocumentType,
    "reason": Reason,
    "feature": Feature,
    "step": Step,
}

Period = tuple[date, date]


def from_address(address: Mapping[str, list[str]]) -> Filter:
    """What an address says; a value that makes no sense (an old or mistyped link) is left out."""
    fields: dict[str, Any] = {}
    for name, field in FIELDS.items():
        given = address.get(name) or []
        value: object = given[0] if name in DATES and given else tuple(given)
        try:
            fields |= Filter.model_validate({field: value} if given else {}).model_dump(exclude_defaults=True)
        except ValidationError:
            continue
    return Filter.model_validate(fields)


def to_query(filter: Filter) -> Query:
    """The same as names and values: of an address, and of a question to the API."""
    pairs: list[tuple[str, str]] = []
    for name, field in FIELDS.items():
        value = getattr(filter, field)
        several = value if isinstance(value, tuple) else (value,)
        pairs += [(name, str(one)) for one in several if one is not None]
    return tuple(pairs)


def href(page: str, query: Iterable[tuple[str, str]], **changes: object) -> str:
    """A link to ``page`` that keeps ``query`` but for ``changes``; ``None`` takes a name out."""
    kept = [(name, value) for name, value in query if name not in changes]
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    return f"./{page}?{urlencode(kept + added)}"


def without(query: Query, name: str, value: str) -> Query:
    return tuple(pair for pair in query if pair != (name, value))


def months(choices: FilterChoices) -> list[Period]:
    """The calendar months that hold data, newest first."""
    if choices.first_day is None or choices.last_day is None:
        return []
    found: list[Period] = []
    first = choices.last_day.replace(day=1)
    while first >= choices.first_day.replace(day=1):
        found.append((first, first.replace(day=monthrange(first.year, first.month)[1])))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def with_period(filter: Filter, choices: FilterChoices) -> Filter:
    """The filter with both days set, so that a link keeps showing the same.

    One day given alone reaches to the end of the data, as in the API.
    """
    if filter.since is None and filter.until is None:
        since, until = choices.default_since, choices.default_until
    else:
        since, until = filter.since or choices.first_day, filter.until or choices.last_day
    return filter.model_copy(update={"since": since, "until": until})


def options(choices: FilterChoices) -> dict[str, tuple[str, ...]]:
    """What each name can be set to; a name with a single value cannot narrow and is left out."""
    offered: dict[str, Iterable[str]] = {
        "template_version": choices.template_versions,
        "document_type": choices.document_types,
        "channel": choices.channels,
        "language": choices.languages,
        "queue": choices.queues,
        "segment": choices.segments,
        "reason": Reason,
        "feature": Feature,
        "step": Step,
    }
    return {name: tuple(values) for name, values in offered.items() if len(tuple(values)) > 1}


def shown(t: Texts, name: str, value: str | date) -> str:
    """A value of the filter as a person calls it."""
    if isinstance(value, date):
        return t.day(value, year=True)
    if name == "language":
        return t.tongue(value)
    return t.name(IDS[name](value)) if name in IDS else value


def chips(t: Texts, filter: Filter) -> list[tuple[str, str, Query]]:
    """Each narrowing but the period: its name, its value as a person calls it, and the query without it."""
    query = to_query(filter)
    found: list[tuple[str, str, Query]] = []
    for name, field in FIELDS.items():
        value = getattr(filter, field)
        several = value if isinstance(value, tuple) else (value,) if value else ()
        if name not in PERIOD:
            found += [(name, shown(t, name, v), without(query, name, str(v))) for v in several]
    return found
