"""One record of a file turned into a conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from typing import Any

from pydantic import ValidationError

from ingest.fields import problem_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Conversation

_REMEDY = "Mend the conversation and import the file again: what is stored already is not stored twice."
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def conversation_from(record: Any, source: Source, line: int) -> Item[Conversation] | BadInput:
    """Check a record against the canonical form. Numbers may come as JSON numbers, and null stands for missing."""
    if not isinstance(record, dict):
        return source.bad("the line is no JSON object", _REMEDY, line)
    given = {key: value for key, value in record.items() if value is not None}
    for key in ("id", "customer_number", "invoice_number"):
        if type(given.get(key)) is int:
            given[key] = str(given[key])
    try:
        conversation = Conversation.model_validate(given)
    except ValidationError as error:
        return source.bad(problem_of(error), _REMEDY, line)
    if problem := _implausible(conversation):
        return source.bad(problem, _REMEDY, line)
    return Item(line, conversation)


def _implausible(conversation: Conversation) -> str | None:
    if not any(turn.text.strip() for turn in conversation.turns):
        return "turns: no word is said in them"
    if conversation.started_at and not _EARLIEST < conversation.started_at < _LATEST:
        return "started_at: lies outside 1970 to 2200"
    numbers = [conversation.handling_seconds, *(turn.offset_seconds for turn in conversation.turns)]
    if not all(number is None or isfinite(number) for number in numbers):
        return "handling_seconds or offset_seconds: is no finite number"
    return None
