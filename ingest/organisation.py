"""The firm that everything belongs to."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import OrganisationRow


def ensure_organisation(
    session: Session,
    slug: str,
    name: str | None = None,
    currency: str | None = None,
    cost_per_minute: Decimal | None = None,
) -> OrganisationRow:
    """Find the organisation by its slug or create it; what is given replaces what is stored."""
    row = session.scalar(select(OrganisationRow).where(OrganisationRow.slug == slug))
    if row is None:
        row = OrganisationRow(slug=slug, name=name or slug, currency=currency or "SEK")
        session.add(row)
    row.name = name or row.name
    row.currency = currency or row.currency
    row.cost_per_minute = row.cost_per_minute if cost_per_minute is None else cost_per_minute
    session.flush()
    return row
