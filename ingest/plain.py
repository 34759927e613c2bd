"""Records of conversations in plain Python: odd metadata taken for unknown, and who said what.

No checking library is loaded: that takes longer than to tag a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from typing import Any, NamedTuple

from models.speech import LONGEST_ID, Channel, Speaker

_NUMBERS = ("id", "customer_number", "invoice_number")
_TEXTS = ("language", "queue", "customer_number", "invoice_number")


class PlainTurn(NamedTuple):
    speaker: Speaker
    text: str


class PlainConversation(NamedTuple):
    id: str
    turns: tuple[PlainTurn, ...]
    language: str | None


def plain(record: Any) -> PlainConversation | None:
    """Who said what, in a record that is plainly well-formed.

    ``None`` leaves it to :func:`ingest.conversations.record.conversation_from` to tell whether it is, or what is wrong.
    """
    if not isinstance(record, dict):
        return None
    given = tolerated(record)
    id, turns = given.get("id"), given.get("turns")
    if not (isinstance(id, str) and 0 < len(id) <= LONGEST_ID and isinstance(turns, list)):
        return None
    if not (all(map(_is_plain, turns)) and any(turn["text"].strip() for turn in turns)):
        return None
    # A number may be written as text in more ways than values allow.
    if isinstance(given.get("handling_seconds"), str):
        return None
    said = tuple(PlainTurn(Speaker(turn.get("speaker", Speaker.UNKNOWN)), turn["text"]) for turn in turns)
    return PlainConversation(id, said, given.get("language"))


def _is_plain(turn: Any) -> bool:
    return isinstance(turn, dict) and isinstance(turn["text"], str) and not isinstance(turn.get("offset_seconds"), str)


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
