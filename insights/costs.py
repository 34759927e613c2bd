"""What contacts cost: handling minutes times the organisation's cost per minute."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from insights.intervals import sum_of_costs
from models.errors import BadSetting
from models.figures import MoneyEstimate
from models.tables import ConversationRow, OrganisationRow

ASSUMED_SECONDS = 360
"""Handling time of a contact where the organisation has not recorded a single one: an assumption, six minutes."""


def cost_per_minute(organisation: OrganisationRow) -> Decimal:
    """Raises BadSetting where the organisation has none: a cost must not be guessed."""
    if organisation.cost_per_minute is None:
        raise BadSetting(
            "TYDLIG_COST_PER_MINUTE",
            "what a minute of handling costs is not known",
            "Set it to the full cost of an agent's minute, such as 9.50",
        )
    return organisation.cost_per_minute


def contact_cost(session: Session, organisation: OrganisationRow) -> ColumnElement[int]:
    """SQL for the cost of one contact in whole minor units (öre, cent).

    Rounded contact by contact, so that rows that partition the contacts add up to the total exactly. A contact without
    handling time costs what the mean contact of its channel does: the mean, unlike the median, keeps the sum true.
    """
    factor = float(cost_per_minute(organisation) * 100 / 60)
    seconds, channel = ConversationRow.handling_seconds, ConversationRow.channel
    query = select(channel, func.count(), func.sum(seconds)).where(
        ConversationRow.organisation_id == organisation.id, seconds.is_not(None)
    )
    known = [(name, number, float(total or 0)) for name, number, total in session.execute(query.group_by(channel))]
    mean: Any = float(ASSUMED_SECONDS)
    if known:
        overall = sum(total for _, _, total in known) / sum(number for _, number, _ in known)
        means = {name: float(round(total / number)) for name, number, total in known}
        mean = case(means, value=channel, else_=float(round(overall)))
    # SQLite and PostgreSQL round halves differently; the crumb makes sure that there are none.
    handled = func.coalesce(ConversationRow.handling_seconds, mean)
    return cast(func.round(handled * factor + 1e-9), BigInteger)


def estimate(organisation: OrganisationRow, total: Any, sum_of_squares: Any, months: float = 1) -> MoneyEstimate:
    """Money from a sum of minor units and the sum of their squares, divided by ``months``."""
    low, high = sum_of_costs(float(total or 0), float(sum_of_squares or 0))
    amount, low_amount, high_amount = (_money(value, months) for value in (total or 0, low, high))
    return MoneyEstimate(amount=amount, low=low_amount, high=high_amount, currency=organisation.currency)


def sums(cost: ColumnElement[int]) -> Iterable[ColumnElement[Any]]:
    """The two columns that :func:`estimate` takes."""
    return func.sum(cost), func.sum(cost * cost)


def _money(minor_units: Any, months: float) -> Decimal:
    exact = Fraction(minor_units) / Fraction(months) / 100
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
