"""Conversations as files have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingest.conversations import canonical_csv, canonical_jsonl
from ingest.source import Item, Source
from models.errors import BadInput
from models.speech import Channel, Speaker
from models.values import Conversation

Written = Callable[[str | bytes], Source]
CSV = (
    "conversation_id;speaker;text;started_at;channel;customer_number\n"
    "7;agent;Hej;2026-03-01T10:00:00+01:00;chat;K1\n"
    '7;Customer;"Varför; så dyrt?";;;\n'
    "8;customer;Hej då;;;\n"
)


def values(read: list[Item[Conversation] | BadInput]) -> list[Conversation]:
    return [each.value for each in read if isinstance(each, Item)]


def test_a_line_needs_no_more_than_an_id_and_words(source: Written) -> None:
    line = '{"id": 12, "turns": [{"text": "Hej"}], "sector": "alarm", "queue": null}\n'
    (conversation,) = values(list(canonical_jsonl.read(source(line))))
    assert (conversation.id, conversation.turns[0].speaker, conversation.channel) == ("12", "unknown", Channel.UNKNOWN)


def test_turns_on_rows_become_one_conversation(source: Written) -> None:
    first, second = values(list(canonical_csv.read(source(CSV))))
    assert [(turn.speaker, turn.text) for turn in first.turns] == [
        (Speaker.AGENT, "Hej"),
        (Speaker.CUSTOMER, "Varför; så dyrt?"),
    ]
    assert first.started_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert (first.customer_number, first.channel, second.customer_number) == ("K1", Channel.CHAT, None)


def test_a_broken_row_takes_out_its_own_conversation_alone(source: Written) -> None:
    read = list(canonical_csv.read(source(CSV.replace("7;Customer", "7;Customer;too;many"))))
    assert [each.line for each in read] == [3, 4]
    assert [each.id for each in values(read)] == ["8"]


def test_a_junk_row_between_two_conversations_takes_out_neither(source: Written) -> None:
    read = list(canonical_csv.read(source(CSV.replace("8;", "junk\n8;"))))
    assert [each.id for each in values(read)] == ["7", "8"]
    assert [each.line for each in read if isinstance(each, BadInput)] == [4]


def test_a_missing_column_is_named(source: Written) -> None:
    try:
        list(canonical_csv.read(source("conversation_id,speaker\n1,agent\n")))
    except BadInput as error:
        assert "text" in error.problem
        assert error.line == 1
    else:
        raise AssertionError("the column is needed")


def test_times_without_a_zone_and_out_of_this_world_are_refused(source: Written) -> None:
    turns = '"turns": [{"text": "Hej"}]'
    lines = [
        f'{{"id": "a", {turns}, "started_at": "2026-03-01T10:00:00"}}',
        f'{{"id": "b", {turns}, "started_at": "0001-01-01T00:00:00+14:00"}}',
        f'{{"id": "c", {turns}, "started_at": "yesterday"}}',
        '{"id": "d", "turns": [{"text": " "}]}',
    ]
    read = list(canonical_jsonl.read(source("\n".join(lines))))
    assert [(type(each), each.line) for each in read] == [(BadInput, line) for line in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "odd",
    [
        {"channel": "voice", "language": "klingon"},
        {"channel": 5, "language": ["sv"], "queue": 7, "customer_number": 5.5},
        {"handling_seconds": -5},
        {"handling_seconds": "long"},
        {"handling_seconds": float("inf")},
        {"turns": [{"speaker": "Agent 7", "text": "Hej", "offset_seconds": "soon"}]},
        {"turns": [{"speaker": None, "text": "Hej"}, {"speaker": "agent", "text": None}, {"speaker": "agent"}]},
    ],
)
def test_odd_metadata_is_taken_for_unknown_and_costs_no_conversation(odd: dict[str, object], source: Written) -> None:
    line = json.dumps({"id": "a", "turns": [{"text": "Hej"}]} | odd)
    (item,) = canonical_jsonl.read(source(line))
    assert isinstance(item, Item), item
    assert item.value.channel == "unknown"
    assert item.value.handling_seconds is None
    assert {turn.speaker for turn in item.value.turns} <= {"unknown", "agent"}
    assert len(item.value.turns) == len(json.loads(line).get("turns"))


def test_what_is_known_may_be_written_in_capitals(source: Written) -> None:
    (item,) = canonical_jsonl.read(
        source('{"id": 7, "channel": "PHONE", "turns": [{"speaker": "Customer", "text": "Hej"}]}')
    )
    assert isinstance(item, Item)
    assert (item.value.id, item.value.channel, item.value.turns[0].speaker) == ("7", "phone", "customer")


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest_unseen(source: Written) -> None:
    read = list(
        canonical_csv.read(source('conversation_id,speaker,text\n1,customer,Hej\n2,customer,"Hej\n3,agent,Hej\n'))
    )
    assert [(type(each), each.line) for each in read] == [(Item, 2), (BadInput, 3)]
