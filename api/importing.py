"""``tydlig import``: runs the import with a bar for each file, then shows what became of every file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import TaskID
from rich.table import Column, Table

from api.database import TROUBLE, Unavailable, open_database
from api.faults import FaultList
from api.settings import Settings
from api.terminal import progress, stdout
from api.tools import load_tools
from ingest.pipeline import Progress, import_paths
from ingest.privacy.key import open_hasher
from models.labels import label
from models.stored import ImportSummary
from models.values import PiiKind

SHOWN_FILES = 10


def import_and_report(settings: Settings, paths: Sequence[Path]) -> bool:
    """Whether all that the files hold was imported or known already; what was not is named on stderr."""
    faults = FaultList()
    engine, organisation_id = open_database(settings)
    with progress() as bars:
        bar = bars.add_task("Loading the model", total=None)
        try:
            summaries = import_paths(
                engine,
                organisation_id,
                paths,
                load_tools(open_hasher(engine, settings.key_file), settings.tagger),
                on_progress=lambda step: _show(bars, bar, step),
                on_problem=lambda problem: faults.add(str(problem)),
            )
        except TROUBLE as error:
            raise Unavailable(error) from None
    engine.dispose()
    faults.close()
    stdout.print(table_of(summaries))
    if redactions := redactions_of(summaries):
        stdout.print(redactions)
    return faults.count == 0


def _show(bars: Bars, bar: TaskID, step: Progress) -> None:
    file = f"{step.file_name} ({step.file_number} of {step.files})"
    bars.update(bar, description=file, completed=step.read_bytes, total=step.total_bytes)


def table_of(summaries: Sequence[ImportSummary]) -> Table:
    """What became of the items: a row for each file; the files of a kind that came in many share one."""
    table = Table(Column("File", overflow="fold"), Column("Kind", overflow="fold"))
    for heading in ("Imported", "Known already", "Rejected"):
        table.add_column(heading, justify="right")
    for name, group in _rows(summaries):
        counts = (sum(getattr(one, count) for one in group) for count in ("imported", "duplicates", "rejected"))
        table.add_row(escape(name), group[0].kind, *(f"{count:,}" for count in counts))
    return table


def redactions_of(summaries: Sequence[ImportSummary]) -> Table | None:
    """What was taken out before it was stored, in rows as those of :func:`table_of`; the most frequent kind first."""
    table = Table(Column("File", overflow="fold"), "Personal data taken out")
    for name, group in _rows(summaries):
        counts = sum((Counter(one.redactions) for one in group), Counter[str]()).most_common()
        if counts:
            kinds = (f"{label(PiiKind(kind), 'en').lower()} {count:,}" for kind, count in counts)
            table.add_row(escape(name), " · ".join(kinds).capitalize())
    return table if table.rows else None


def _rows(summaries: Sequence[ImportSummary]) -> list[tuple[str, list[ImportSummary]]]:
    files = Counter(one.kind for one in summaries)
    groups: dict[tuple[str, int | None], list[ImportSummary]] = defaultdict(list)
    for one in summaries:
        groups[one.kind, one.id if files[one.kind] <= SHOWN_FILES else None].append(one)
    return [(f"{len(group)} files" if id is None else group[0].file_name, group) for (_, id), group in groups.items()]
