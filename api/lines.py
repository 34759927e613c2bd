"""JSON Lines from a file or from stdin, a line at a time: a broken line is handed on as an error, not raised."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic_core import from_json

from ingest.plain import plain
from ingest.source import Item, Source
from models.errors import BadInput
from models.speech import Contact

if TYPE_CHECKING:
    from models.values import Conversation

STANDARD = Path("-")
MAX_LINE_BYTES = 20_000_000
FORM = 'Each line is one object: {"id": "…", "turns": [{"speaker": "customer", "text": "…"}]}'
BOM = b"\xef\xbb\xbf"


def read_conversations(source: Source) -> Iterator[Conversation | BadInput]:
    """Every conversation, and for each line that holds none the reason why."""
    for record in read_records(source):
        yield record if isinstance(record, BadInput) else _checked(record, source)


def read_plainly(source: Source) -> Iterator[Contact | BadInput]:
    """The same lines, for who needs no more than the words: only one that is not plainly well-formed is checked."""
    for record in read_records(source):
        yield record if isinstance(record, BadInput) else plain(record.value) or _checked(record, source)


def _checked(record: Item[Any], source: Source) -> Conversation | BadInput:
    """When it took place says nothing about its tags, so that a time of the wrong form is no reason to refuse it."""
    from ingest.conversations.record import conversation_from

    line, value = record
    told = {key: value[key] for key in value if key != "started_at"} if isinstance(value, dict) else value
    found = conversation_from(told, source, line)
    return found if isinstance(found, BadInput) else found.value


def read_records(source: Source) -> Iterator[Item[Any] | BadInput]:
    """The JSON values of UTF-8 lines; empty lines are skipped.

    Raises ``BadInput`` for a file that is empty or no text, or cannot be read.
    """
    if source.path != STANDARD:
        source.head()
    with _opened(source) as file:
        number, empty = 0, True
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                _skip_rest(file)
                yield source.bad(f"the line is longer than {MAX_LINE_BYTES // 1_000_000} MB", FORM, number)
            elif line := line.removeprefix(BOM).strip():
                yield _parse(line, source, number)
            else:
                continue
            empty = False
    if empty:
        raise source.bad("is empty", FORM)


def _opened(source: Source) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if source.path == STANDARD else source.opened()


def _skip_rest(file: BinaryIO) -> None:
    while (piece := file.readline(MAX_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _parse(line: bytes, source: Source, number: int) -> Item[Any] | BadInput:
    try:
        return Item(number, from_json(line.decode()))
    except UnicodeDecodeError:
        return source.bad("the line is not UTF-8", "Save the file as UTF-8.", number)
    except ValueError:
        return source.bad("the line is not JSON", FORM, number)
