"""Which words show a tag: read off the same scores that gave the tag."""

from __future__ import annotations

import numpy as np
from tokenizers import Encoding

from classify.conversations import of_like_length
from classify.turns import COLUMN_NAMES, TurnScores
from classify.words import Floats, Ints
from models.tags import Evidence

SHOWN_AT_MOST = 3
SHOWN_FROM = 0.5


def heaviest(weights: Floats) -> tuple[Ints, Ints]:
    """The run ``[first, last]`` that weighs most together in each row of ``weights`` (n, tokens), as Kadane's algorithm
    finds it; the earliest of equals. No run goes over a ``PAST_END`` of :mod:`classify.turns`."""
    until = np.cumsum(weights, axis=1, dtype=np.float64)
    before = until - weights
    lowest = np.minimum.accumulate(before, axis=1)
    last = np.argmax(until - lowest, axis=1)
    begun = np.maximum.accumulate(np.where(before == lowest, np.arange(weights.shape[1]), 0), axis=1)
    return begun[np.arange(len(weights)), last], last


def shown_first(strength: Floats, of: Ints) -> Ints:
    """Which places to show, those of one tag (``of``, ascending) together, strongest first: always a tag's strongest,
    others where they are likelier than not."""
    order = np.lexsort((-strength, of))
    rank = np.arange(len(of)) - np.searchsorted(of, of)
    chosen: Ints = order[(rank == 0) | ((rank < SHOWN_AT_MOST) & (strength[order] >= SHOWN_FROM))]
    return chosen


def evidence_of(turn: int, words: tuple[int, int], strength: float, column: int) -> Evidence:
    """A turn, counted within its conversation, the characters of its ``words`` and how likely it shows the tag."""
    score = round(strength, 4)
    because = f"the words weigh {score:.2f} for {COLUMN_NAMES[column]}"
    return Evidence(turn=turn, start=words[0], end=words[1], score=score, because=because)


def heaviest_words(scores: TurnScores, rows: Ints, columns: Ints) -> list[tuple[int, int]]:
    """For each row and column the characters of the words that weigh most together in that turn."""
    runs = np.empty((len(rows), 2), dtype=np.int64)
    for group in of_like_length(scores.tokens.counts[rows]):
        runs[group] = np.stack(heaviest(scores.words(rows[group], columns[group])), axis=1)
    runs = scores.tokens.place[scores.tokens.starts[rows][:, None] + runs]
    return [
        whole_words(scores.tokens.encodings[row], *run) for row, run in zip(rows.tolist(), runs.tolist(), strict=True)
    ]


def whole_words(encoding: Encoding, first: int, last: int) -> tuple[int, int]:
    """The characters of a run of tokens, widened to the words that it begins and ends in."""

    def word(token: int) -> tuple[int, int]:
        number = encoding.token_to_word(token)
        return encoding.word_to_chars(number)  # type: ignore[return-value, arg-type]  # only marks, not used here, are in no word

    return word(first)[0], word(last)[1]
