"""``tydlig evaluate``: tag labelled conversations and show how right the tags are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.table import Table

from api.lines import read_records
from api.tagging import tag
from api.terminal import progress, stdout
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.scoring import Judged, Labelled, Scores, score
from classify.tagger import WEIGHTS, Tagger
from ingest.fields import problem_of
from ingest.source import Item, Source
from models.errors import BadInput

BATCH = 32
FORM = 'Beside "id" and "turns" each line holds "gold": {"primary", "reasons", "features", "step", "pii"}.'


def evaluate_and_report(gold: Path) -> None:
    """Prints the scores over all, then for each language and each channel; raises BadInput for a broken line."""
    labelled = read_labelled(gold)
    stdout.print(table_of({name: score(group) for name, group in _groups(_judge(labelled)).items()}))


def read_labelled(path: Path) -> list[Labelled]:
    source = Source(path)
    with path.open("rb") as file:
        return [_labelled(record, source) for record in read_records(file, source)]


def _labelled(record: Item[Any] | BadInput, source: Source) -> Labelled:
    if isinstance(record, BadInput):
        raise record
    try:
        return Labelled.model_validate(record.value)
    except ValidationError as error:
        raise source.bad(problem_of(error), FORM, record.line) from None


def _judge(labelled: list[Labelled]) -> list[Judged]:
    """The labels are kept from the tagger by its own interface: it is handed redacted turns."""
    tagger, redactor = Tagger.from_folder(WEIGHTS), Redactor.from_folder(REDACTION_WEIGHTS)
    judged: list[Judged] = []
    with progress() as bars:
        for start in bars.track(range(0, len(labelled), BATCH), description="Tagging"):
            batch = labelled[start : start + BATCH]
            tagged = tag(batch, tagger, redactor)
            judged += [Judged(one, found, found.turns) for one, found in zip(batch, tagged, strict=True)]
    return judged


def _groups(judged: list[Judged]) -> dict[str, list[Judged]]:
    groups = defaultdict(list, {"all": judged})
    for one in judged:
        groups[one.gold.language or one.tagging.language].append(one)
        groups[one.gold.channel].append(one)
    return groups


def table_of(scores: Mapping[str, Scores]) -> Table:
    table = Table("")
    for name in Scores._fields:
        table.add_column(name, justify="right")
    for group, row in scores.items():
        table.add_row(group, str(row.n), *("-" if value is None else f"{value:.3f}" for value in row[1:]))
    return table
