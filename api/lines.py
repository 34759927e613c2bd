"""JSON Lines from a file or a pipe, one line at a time: a broken line is handed on as an error, not raised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pydantic_core import from_json

from ingest.conversations.record import conversation_from
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Conversation

MAX_LINE_BYTES = 20_000_000
FORM = 'Each line is one object: {"id": "…", "turns": [{"speaker": "customer", "text": "…"}]}'
BOM = b"\xef\xbb\xbf"


def read_conversations(file: BinaryIO, source: Source) -> Iterator[Conversation | BadInput]:
    """Every conversation of ``file``, and for each line that holds none the reason why. ``source`` names the file."""
    for record in read_records(file, source):
        found = record if isinstance(record, BadInput) else conversation_from(record.value, source, record.line)
        yield found if isinstance(found, BadInput) else found.value


def read_records(file: BinaryIO, source: Source) -> Iterator[Item[Any] | BadInput]:
    """The JSON values of UTF-8 lines; empty lines are skipped, an empty file is an error."""
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
        yield source.bad("is empty", FORM)


def _skip_rest(file: BinaryIO) -> None:
    while (piece := file.readline(MAX_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _parse(line: bytes, source: Source, number: int) -> Item[Any] | BadInput:
    try:
        return Item(number, from_json(line.decode(), allow_inf_nan=False))
    except UnicodeDecodeError:
        return source.bad("the line is not UTF-8", "Save the file as UTF-8.", number)
    except ValueError:
        return source.bad("the line is not JSON", FORM, number)
