"""``tydlig evaluate``: tag labelled conversations and show how right the tags are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.box import SIMPLE_HEAD
from rich.table import Table

from api.lines import read_records
from api.tagging import tag
from api.terminal import progress, stdout
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.scoring import Judged, Labelled, Scores, score
from classify.tagger import load_tagger
from ingest.fields import problem_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.tags import TaggerName

BATCH = 32
FORM = 'Beside "id" and "turns" each line holds "gold": {"primary", "reasons", "features", "step", "pii"}.'


def evaluate_and_report(gold: Path, tagger: TaggerName) -> None:
    """Prints the scores over all, then for each language and each channel; raises BadInput for a broken line."""
    labelled = read_labelled(gold)
    stdout.print(table_of({name: score(group) for name, group in _groups(_judge(labelled, tagger)).items()}))


def read_labelled(path: Path) -> list[Labelled]:
    source = Source(path)
    return [_labelled(record, source) for record in read_records(source)]


def _labelled(record: Item[Any] | BadInput, source: Source) -> Labelled:
    if isinstance(record, BadInput):
        raise record
    try:
        return Labelled.model_validate(record.value)
    except ValidationError as error:
        raise source.bad(problem_of(error), FORM, record.line) from None


def _judge(labelled: list[Labelled], name: TaggerName) -> list[Judged]:
    """The labels are kept from the tagger by its own interface: it is handed redacted turns."""
    tagger, redactor = load_tagger(name), Redactor.from_folder(REDACTION_WEIGHTS)
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
    """A column for each group, so that it fits into a terminal of 80 characters."""
    table = Table("", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for group in scores:
        table.add_column(group, justify="right", no_wrap=True)
    for name in Scores._fields:
        values = (getattr(row, name) for row in scores.values())
        table.add_row(
            name, *("-" if value is None else f"{value:.3f}" if name != "n" else str(value) for value in values)
        )
    return table
