"""``tydlig tag``: a file of conversations in, a file of taggings out, a batch in memory at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from pydantic_core import to_json

from api.faults import FaultList
from api.lines import STANDARD, read_conversations, read_plainly
from classify.tagger import load_tagger
from ingest.source import Source
from models.errors import BadInput
from models.speech import Contact
from models.tags import TaggerName

if TYPE_CHECKING:
    from models.values import Conversation

C = TypeVar("C", bound=Contact)

BATCH = 128


def tag_file(source: Path, output: Path, tagger: TaggerName, tags_only: bool) -> bool:
    """Whether every line of ``source`` could be read; those that could not are named on stderr."""
    if STANDARD not in {source, output} and output.exists() and output.samefile(source):
        raise BadInput(str(output), "is the input as well", "Write to another file.")
    if tags_only:
        return _answer(read_plainly(Source(source)), output, lambda: _tags(tagger))
    return _answer(read_conversations(Source(source)), output, lambda: _tags_and_turns(tagger))


def _answer(
    lines: Iterator[C | BadInput], output: Path, load: Callable[[], Callable[[list[C]], Iterable[object]]]
) -> bool:
    """Write what the loaded tagger answers, one JSON object for each line that could be read."""
    faults = FaultList()
    lines = chain([next(lines)], lines)  # read before the output is made, which a wrong input is not worth
    with _writing(output) as results, _counting() as count:
        answer = load()
        for batch in _batches(lines, faults):
            results.writelines(to_json(answered) + b"\n" for answered in answer(batch))
            count(len(batch))
    faults.close()
    return faults.count == 0


def _tags(name: TaggerName) -> Callable[[list[Contact]], Iterator[object]]:
    """Without the turns nothing is given out that would have to be redacted first."""
    tagger = load_tagger(name)
    return lambda batch: (
        {"id": one.id, **vars(tagging)} for one, tagging in zip(batch, tagger.tag(batch), strict=True)
    )


def _tags_and_turns(name: TaggerName) -> Callable[[list[Conversation]], Iterable[object]]:
    from api.tagging import tag
    from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor

    tagger, redactor = load_tagger(name), Redactor.from_folder(REDACTION_WEIGHTS)
    return lambda batch: tag(batch, tagger, redactor)


def _counting() -> AbstractContextManager[Callable[[int], None]]:
    """Shows on a terminal how many are tagged."""
    if not sys.stderr.isatty():
        return nullcontext(lambda done: None)
    from api.terminal import counting

    return counting("Tagging")


def _writing(path: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if path == STANDARD else path.open("wb")


def _batches(lines: Iterable[C | BadInput], faults: FaultList) -> Iterator[list[C]]:
    batch: list[C] = []
    for line in lines:
        if isinstance(line, BadInput):
            faults.add(str(line))
            continue
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
