"""What people found who looked through redacted conversations."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.intervals import wilson
from models.figures import Ratio
from models.privacy import ReviewFigures
from models.tables import ConversationRow, OrganisationRow, ReviewRow


def review_figures(session: Session, organisation: OrganisationRow) -> ReviewFigures:
    """The share of turns in which something was left, in per cent with its 95 % interval, however few there are."""
    rows = session.scalars(
        select(ReviewRow)
        .join(ConversationRow, ConversationRow.id == ReviewRow.conversation_id)
        .where(ConversationRow.organisation_id == organisation.id)
    ).all()
    found: Counter[str] = sum((Counter(row.leftovers) for row in rows), Counter())
    return ReviewFigures(
        conversations=len(rows),
        turns_with_leftovers=_share(sum(row.turns_with_leftovers for row in rows), sum(row.turns for row in rows)),
        by_kind=dict(found),
    )


def _share(count: int, turns: int) -> Ratio:
    """Faults of ours are no secret, so that few of them are not withheld."""
    if not turns:
        return Ratio(count=0, denominator=0, per=100, value=None, low=None, high=None, too_few=True)
    low, high = wilson(count, turns, per=100)
    return Ratio(count=count, denominator=turns, per=100, value=100 * count / turns, low=low, high=high, too_few=False)
