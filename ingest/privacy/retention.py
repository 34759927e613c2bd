"""How long each class of an organisation's data is kept."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from types import MappingProxyType

from sqlalchemy.orm import Session

from models.errors import BadSetting
from models.privacy import DEFAULT_DAYS, MAX_DAYS, DataClass, Retention
from models.tables import OrganisationRow

KEEP_ALL: MappingProxyType[DataClass, int | None] = MappingProxyType(dict.fromkeys(DataClass))
"""For data that is nobody's, as the sample company's."""


def retention(organisation: OrganisationRow) -> list[Retention]:
    """The days of every class of data."""
    days = _days(organisation)
    return [
        Retention(data_class=each, days=days[each], is_default=each not in organisation.retention) for each in DataClass
    ]


def set_retention(session: Session, organisation_id: int, days: Mapping[DataClass, int | None]) -> list[Retention]:
    """Change the days of some classes; ``None`` keeps them. Raises ``BadSetting`` for days that make no sense."""
    organisation = session.get_one(OrganisationRow, organisation_id)
    if any(value is not None and not 0 <= value <= MAX_DAYS for value in days.values()):
        raise BadSetting("retention", f"days lie between 0 and {MAX_DAYS:,}", "Give such a number, or keep.")
    organisation.retention = organisation.retention | {str(each): value for each, value in days.items()}
    after = _days(organisation)
    if _or_ever(after[DataClass.NUMBERS]) < _or_ever(after[DataClass.WORDS]):
        raise BadSetting(
            "retention",
            "words would be kept longer than the numbers by which an erasure finds a customer's words",
            "Keep numbers at least as long as words.",
        )
    session.flush()
    return retention(organisation)


def _days(organisation: OrganisationRow) -> dict[DataClass, int | None]:
    return {each: organisation.retention.get(each, DEFAULT_DAYS[each]) for each in DataClass}


def _or_ever(days: int | None) -> float:
    return inf if days is None else days
