"""One record of a file turned into a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import Any

from pydantic import ValidationError

from ingest.fields import problem_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Channel, Conversation, Speaker

_REMEDY = "Mend the line and hand the file in again."
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_NUMBERS = ("id", "customer_number", "invoice_number")
_TEXTS = ("language", "queue", "customer_number", "invoice_number")


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


def tolerated(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with odd metadata taken for unknown, since what was said is worth more than what is told about it.

    Numbers may come as JSON numbers, and null stands for missing. A wrong time stays, to be refused: without one a
    conversation would silently be in no period.
    """
    given = {key: value for key, value in record.items() if value is not None}
    for key in _NUMBERS:
        if type(given.get(key)) is int:
            given[key] = str(given[key])
    odd = {key for key in _TEXTS if not isinstance(given.get(key, ""), str)}
    if _seconds(given.get("handling_seconds", 0)) is None:
        odd.add("handling_seconds")
    given = {key: value for key, value in given.items() if key not in odd}
    if "channel" in given:
        given["channel"] = _known(given["channel"], Channel)
    if isinstance(given.get("turns"), list):
        given["turns"] = [_turn(turn) if isinstance(turn, dict) else turn for turn in given["turns"]]
    return given


def _turn(turn: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in turn.items() if value is not None} | {"text": turn.get("text") or ""}
    if "speaker" in given:
        given["speaker"] = _known(given["speaker"], Speaker)
    if _seconds(given.get("offset_seconds", 0)) is None:
        del given["offset_seconds"]
    return given


def _known(value: Any, kinds: type[StrEnum]) -> str:
    found = str(value).strip().lower()
    return found if found in {kind.value for kind in kinds} else "unknown"


def _seconds(value: Any) -> float | None:
    """The number, where it is one of seconds."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _implausible(conversation: Conversation) -> str | None:
    """What forbids to store a conversation of the right form."""
    if not any(turn.text.strip() for turn in conversation.turns):
        return "turns: no word is said in them"
    if conversation.started_at and not EARLIEST < conversation.started_at < LATEST:
        return "started_at: lies outside 1970 to 2200"
    return None
