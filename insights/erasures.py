"""What was erased on request, and when."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.privacy import Erasure
from models.tables import ErasureRow, OrganisationRow


def list_erasures(session: Session, organisation: OrganisationRow) -> list[Erasure]:
    """Every erasure, newest first."""
    query = select(ErasureRow).where(ErasureRow.organisation_id == organisation.id).order_by(ErasureRow.id.desc())
    return [Erasure.model_validate(row, from_attributes=True) for row in session.scalars(query)]
