"""``tydlig tag``: a file of conversations in, a file of taggings out, a batch in memory at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from pydantic_core import to_json

from api.lines import STANDARD, read_conversations
from api.terminal import FaultList, progress
from classify.tagger import load_tagger
from ingest.source import Source
from models.errors import BadInput
from models.values import Conversation, TaggerName

BATCH = 128


def tag_file(source: Path, output: Path, tagger: TaggerName, tags_only: bool) -> bool:
    """Whether every line of ``source`` could be read; those that could not are named on stderr."""
    if STANDARD not in {source, output} and output.exists() and output.samefile(source):
        raise BadInput(str(output), "is the input as well", "Write to another file.")
    faults = FaultList()
    lines = _first_seen(
        read_conversations(Source(source))
    )  # before the output is made, which a wrong input is not worth
    with _writing(output) as results, progress() as bars:
        bar = bars.add_task("Tagging", total=None)
        answer = _tags(tagger) if tags_only else _tags_and_turns(tagger)
        for batch in _batches(lines, faults):
            results.writelines(line + b"\n" for line in answer(batch))
            bars.advance(bar, len(batch))
    faults.close()
    return faults.count == 0


def _tags_and_turns(name: TaggerName) -> Callable[[list[Conversation]], Iterator[bytes]]:
    from api.tagging import tag
    from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor

    tagger, redactor = load_tagger(name), Redactor.from_folder(REDACTION_WEIGHTS)
    return lambda batch: (tagged.model_dump_json().encode() for tagged in tag(batch, tagger, redactor))


def _tags(name: TaggerName) -> Callable[[list[Conversation]], Iterator[bytes]]:
    """Without the turns nothing is given out that would have to be redacted first."""
    tagger = load_tagger(name)
    return lambda batch: (
        to_json({"id": one.id, **tagging.model_dump()}) for one, tagging in zip(batch, tagger.tag(batch), strict=True)
    )


def _first_seen(lines: Iterator[Conversation | BadInput]) -> Iterator[Conversation | BadInput]:
    """The same lines, the first of them read at once."""
    return chain([next(lines)], lines)


def _writing(path: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if path == STANDARD else path.open("wb")


def _batches(lines: Iterable[Conversation | BadInput], faults: FaultList) -> Iterator[list[Conversation]]:
    batch: list[Conversation] = []
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
