"""The import log: one row a file, one row an item, and never a word of what was in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.rows import insert_rows
from ingest.source import Item
from models.errors import BadInput
from models.stored import ImportSummary
from models.tables import ImportItemRow, ImportRow
from models.values import PiiFind


def begin(session: Session, organisation_id: int, file_name: str, content_hash: str, kind: str) -> ImportRow:
    row = ImportRow(
        organisation_id=organisation_id,
        file_name=file_name[:255],
        content_hash=content_hash,
        kind=kind,
        started_at=datetime.now(UTC),
        imported=0,
        duplicates=0,
        rejected=0,
        redactions={},
    )
    session.add(row)
    session.flush()
    return row


def repeats_an_earlier_one(session: Session, row: ImportRow) -> bool:
    """Whether these very bytes were taken in without a fault before; their items then count as duplicates."""
    earlier = session.scalar(
        select(ImportRow)
        .where(
            ImportRow.organisation_id == row.organisation_id,
            ImportRow.content_hash == row.content_hash,
            ImportRow.kind == row.kind,
            ImportRow.rejected == 0,
            ImportRow.finished_at.is_not(None),
        )
        .order_by(ImportRow.id)
        .limit(1)
    )
    if earlier is not None:
        row.duplicates = earlier.imported + earlier.duplicates
    return earlier is not None


def record(
    session: Session, row: ImportRow, items: Sequence[Item[Any] | BadInput], outcomes: Sequence[str | BadInput]
) -> None:
    """Log what became of a batch of items."""
    told = [("rejected", _said(outcome)) if isinstance(outcome, BadInput) else (outcome, None) for outcome in outcomes]
    rows = [
        {"import_id": row.id, "line": item.line or 0, "outcome": outcome, "problem": problem}
        for item, (outcome, problem) in zip(items, told, strict=True)
    ]
    insert_rows(session, ImportItemRow, rows)
    counted = Counter(outcome for outcome, _ in told)
    row.imported += counted["imported"]
    row.duplicates += counted["duplicate"]
    row.rejected += counted["rejected"]


def count_redactions(session: Session, import_id: int, finds: Iterable[PiiFind]) -> None:
    row = session.get_one(ImportRow, import_id)
    row.redactions = dict(Counter(row.redactions) + Counter(find.kind.value for find in finds))


def finish(session: Session, row: ImportRow) -> ImportSummary:
    row.finished_at = datetime.now(UTC)
    session.flush()
    return ImportSummary.model_validate(row, from_attributes=True)


def _said(error: BadInput) -> str:
    return f"{error.problem}. {error.remedy}"
