"""One look at a page: in which language, narrowed by what, at which address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import filters
from dashboard.client import Query
from dashboard.language import Texts
from models.filters import Filter, FilterChoices


@dataclass(frozen=True)
class Visit:
    t: Texts
    choices: FilterChoices
    filter: Filter
    address: dict[str, list[str]]

    @property
    def query(self) -> Query:
        return filters.to_query(self.filter)

    @property
    def empty(self) -> bool:
        return self.choices.first_day is None

    @property
    def beside_the_data(self) -> bool:
        """Whether the period ends before the data begins, or begins after it ends."""
        first, last = self.choices.first_day, self.choices.last_day
        since, until = self.filter.since, self.filter.until
        return bool(first and last and since and until and (until < first or since > last))

    @property
    def last_day(self) -> date | None:
        """Of what is shown: the period's last, or the data's where that ends before."""
        return min((day for day in (self.filter.until, self.choices.last_day) if day), default=None)

    def query_without(self, *names: str) -> Query:
        return tuple(pair for pair in self.query if pair[0] not in names)

    def asked(self, name: str) -> str | None:
        """A value of the address that is not part of the filter."""
        return next(iter(self.address.get(name, [])), None)

    def href(self, page: str, **changes: Any) -> str:
        """A link that keeps language and filter but for ``changes``."""
        return filters.href(page, (("lang", self.t.language), *self.query), **changes)
