"""Conversations as JSON Lines, one conversation a line: the form to convert to where there is a choice."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import from_json

from ingest.conversations.record import conversation_from
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Conversation

KIND = "conversations_jsonl"
NAME = "conversations as JSON Lines"


def recognises(head: str, name: str) -> bool:
    return any(line.lstrip().startswith("{") and '"turns"' in line for line in head.splitlines())


def read(source: Source) -> Iterator[Item[Conversation] | BadInput]:
    for number, line in source.lines():
        if not line.strip():
            continue
        try:
            record = from_json(line)
        except ValueError:
            yield source.bad("the line is not JSON", "Write one JSON object on each line.", number)
            continue
        yield conversation_from(record, source, number)
