"""One record of a file turned into a conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from ingest.fields import problem_of
from ingest.plain import tolerated
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Conversation

_REMEDY = "Mend the line and hand the file in again."
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def conversation_from(record: Any, source: Source, line: int) -> Item[Conversation] | BadInput:
    """Check a record against the canonical form."""
    if not isinstance(record, dict):
        return source.bad("the line is no JSON object", _REMEDY, line)
    try:
        conversation = Conversation.model_validate(tolerated(record))
    except ValidationError as error:
        return source.bad(problem_of(error), _REMEDY, line)
    if problem := _implausible(conversation):
        return source.bad(problem, _REMEDY, line)
    return Item(line, conversation)


def _implausible(conversation: Conversation) -> str | None:
    """What forbids to store a conversation of the right form."""
    if not any(turn.text.strip() for turn in conversation.turns):
        return "turns: no word is said in them"
    if conversation.started_at and not EARLIEST < conversation.started_at < LATEST:
        return "started_at: lies outside 1970 to 2200"
    return None
