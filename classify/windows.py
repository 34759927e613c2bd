"""A conversation as rows of tokens that an encoder can read: ``<s> turn </s> turn </s> …``, in windows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor

from models.speech import Speaker

SPEAKERS = {Speaker.CUSTOMER: 0, Speaker.AGENT: 1, Speaker.SYSTEM: 1, Speaker.UNKNOWN: 2}
START, PAD, END, UNKNOWN = range(4)
MAX_TOKENS = 512
OVERLAP = 2  # turns that two windows of a long conversation share at most


class Spoken(NamedTuple):
    """A turn as the network reads it; ``heard`` where it counts as the customer's."""

    ids: Sequence[int]
    speaker: int
    heard: bool


class Piece(NamedTuple):
    """Tokens of one turn, from the ``at``-th on."""

    turn: int
    at: int
    ids: Sequence[int]


class Batch(NamedTuple):
    """Windows [rows, length] of several conversations. Turns and their tokens are counted through the whole batch."""

    ids: Tensor
    speakers: Tensor  # [rows, length]
    turn: Tensor  # [rows, length]; the number of turns for what belongs to none
    token: Tensor  # [rows, length]; the number of tokens for marks
    row_conversation: Tensor  # [rows]
    turn_conversation: Tensor  # [turns]
    heard: Tensor  # [turns]
    conversations: int
    tokens: int

    def to(self, device: torch.device) -> Batch:
        ids, speakers, turn, token, row, of, heard = (part.to(device) for part in self[:7])
        return Batch(ids, speakers, turn, token, row, of, heard, self.conversations, self.tokens)


def cut(turns: Sequence[Sequence[int]], room: int) -> list[Piece]:
    """Turns as pieces of at most ``room`` tokens; an empty turn is an empty piece."""
    return [
        Piece(turn, at, ids[at : at + room]) for turn, ids in enumerate(turns) for at in range(0, len(ids) or 1, room)
    ]


def windows(turns: Sequence[Sequence[int]], limit: int = MAX_TOKENS) -> list[list[Piece]]:
    """Rows that fit ``limit`` with their marks. Neighbours share up to ``OVERLAP`` pieces; no piece is in three."""
    pieces = cut(turns, limit - 2)
    rows: list[list[Piece]] = []
    shared = end = 0  # what lies before `shared` is in two rows already
    while end < len(pieces):
        begin, used = end, 2 + len(pieces[end].ids)
        while begin > max(shared, end - OVERLAP) and used + len(pieces[begin - 1].ids) + 1 <= limit:
            begin -= 1
            used += len(pieces[begin].ids) + 1
        shared, end = end, end + 1
        while end < len(pieces) and used + len(pieces[end].ids) + 1 <= limit:
            used += len(pieces[end].ids) + 1
            end += 1
        rows.append(pieces[begin:end])
    return rows


def collate(conversations: Sequence[Sequence[Spoken]], limit: int = MAX_TOKENS) -> Batch:
    """Conversations, none of them without turns, as one batch."""
    turns = [turn for conversation in conversations for turn in conversation]
    first_turn = _starts([len(conversation) for conversation in conversations])
    first_token = _starts([len(turn.ids) for turn in turns])
    rows, row_conversation = [], []
    for number, conversation in enumerate(conversations):
        found = windows([turn.ids for turn in conversation], limit)
        rows += [[piece._replace(turn=first_turn[number] + piece.turn) for piece in row] for row in found]
        row_conversation += [number] * len(found)
    length = max(1 + sum(len(piece.ids) + 1 for piece in row) for row in rows)
    ids, speakers = torch.full((len(rows), length), PAD), torch.full((len(rows), length), SPEAKERS[Speaker.UNKNOWN])
    turn, token = torch.full_like(ids, len(turns)), torch.full_like(ids, first_token[-1])
    for number, row in enumerate(rows):
        ids[number, 0], at = START, 1
        for piece in row:
            end = at + len(piece.ids)
            ids[number, at : end + 1] = torch.tensor([*piece.ids, END])
            turn[number, at : end + 1], speakers[number, at : end + 1] = piece.turn, turns[piece.turn].speaker
            token[number, at:end] = torch.arange(len(piece.ids)) + first_token[piece.turn] + piece.at
            at = end + 1
    of = [number for number, conversation in enumerate(conversations) for _ in conversation]
    heard = torch.tensor([turn.heard for turn in turns])
    whose, of_turn = torch.tensor(row_conversation), torch.tensor(of)
    return Batch(ids, speakers, turn, token, whose, of_turn, heard, len(conversations), first_token[-1])


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each part starts when all are laid end to end, and where the last one ends."""
    return list(accumulate(sizes, initial=0))
