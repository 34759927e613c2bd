"""Conversations as CSV, one turn a row; the rows of a conversation stand together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.conversations.record import conversation_from
from ingest.delimited import Row, grouped, header_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Conversation

KIND = "conversations_csv"
NAME = "conversations as CSV"
_REQUIRED = ("conversation_id", "speaker", "text")
_ABOUT_ALL = ("started_at", "channel", "language", "queue", "customer_number", "invoice_number", "handling_seconds")


def recognises(head: str, name: str) -> bool:
    return set(_REQUIRED) <= set(header_of(head))


def read(source: Source) -> Iterator[Item[Conversation] | BadInput]:
    for turns in grouped(source, _REQUIRED, "conversation_id"):
        if isinstance(turns, BadInput):
            yield turns
        else:
            yield conversation_from(_record([row for _, row in turns]), source, turns[0].line)


def _record(rows: list[Row]) -> dict[str, Any]:
    record: dict[str, Any] = {name: rows[0][name] for name in _ABOUT_ALL if rows[0].get(name)}
    record["id"] = rows[0]["conversation_id"]
    record["turns"] = [_turn(row) for row in rows]
    return record


def _turn(row: Row) -> Row:
    turn = {"speaker": row["speaker"].lower(), "text": row["text"]}
    return turn | ({"offset_seconds": row["offset_seconds"]} if row.get("offset_seconds") else {})
