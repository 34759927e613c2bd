"""What was imported, when, and what became of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.stored import ImportSummary
from models.tables import ImportRow, OrganisationRow


def list_imports(session: Session, organisation: OrganisationRow) -> list[ImportSummary]:
    """Every file handed in, newest first."""
    query = select(ImportRow).where(ImportRow.organisation_id == organisation.id).order_by(ImportRow.id.desc())
    return [
        ImportSummary(
            id=row.id,
            file_name=row.file_name,
            kind=row.kind,
            started_at=row.started_at,
            finished_at=row.finished_at,
            imported=row.imported,
            duplicates=row.duplicates,
            rejected=row.rejected,
            redactions=row.redactions,
        )
        for row in session.scalars(query)
    ]
