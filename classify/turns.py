"""Scores for single turns: a linear model over hashed n-grams, one column a reason or invoice feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.features import SLOT_BITS, Floats, Ints, Words, slots_of_pairs, slots_of_words, split
from models.taxonomy import Feature, Reason

REASONS = tuple(Reason)
FEATURES = tuple(Feature)
NO_REASON = len(REASONS)
FIRST_FEATURE = NO_REASON + 1
COLUMN_NAMES = (*REASONS, "no_reason", *FEATURES)
COLUMNS = len(COLUMN_NAMES)


@dataclass(frozen=True)
class TurnScores:
    """``turns``: (turns, columns), about 1 for "surely", −1 for "surely not". ``words``: each word's share of it."""

    turns: Floats
    words: Floats
    found: Words

    def span(self, turn: int) -> tuple[int, int]:
        """The rows ``[low, high)`` of ``words`` that belong to a turn."""
        low, high = np.searchsorted(self.found.text, [turn, turn + 1])
        return int(low), int(high)

    def has_words(self, turn: int) -> bool:
        low, high = self.span(turn)
        return high > low


def sums(values: Floats, counts: Ints) -> Floats:
    """Sum neighbouring rows, ``counts[i]`` of them into row ``i``; a count of 0 gives zeros."""
    total = np.zeros((len(counts), values.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(counts)
    if len(filled):
        starts = np.concatenate(([0], np.cumsum(counts[filled])[:-1]))
        total[filled] = np.add.reduceat(values, starts, axis=0)
    return total


class TurnModel:
    """``slots``: (n,) known slots; ``idf``: (n,) how telling each; ``weights``: (n, columns); ``bias``: (columns,)."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        # Row 0 stands for every slot that training never met. The last column carries the squared length.
        weights = arrays["weights"].astype(np.float32)
        idf = arrays["idf"].astype(np.float32)[:, None]
        self.rows = np.zeros(1 << SLOT_BITS, dtype=np.int32)
        self.rows[arrays["slots"].astype(np.int64)] = np.arange(1, len(weights) + 1)
        self.table = np.zeros((len(weights) + 1, COLUMNS + 1), dtype=np.float32)
        self.table[1:] = np.hstack([weights * idf, idf * idf])
        self.bias = arrays["bias"].astype(np.float32)

    def score(self, texts: Sequence[str]) -> TurnScores:
        """Score each text by itself; the cost grows with the number of words."""
        words = split(texts)
        slots, counts = slots_of_words(words.distinct)
        each = sums(self.table[self.rows[slots]], counts)[words.word]
        slots, second = slots_of_pairs(words)
        each[second] += self.table[self.rows[slots]]
        total = sums(each, np.bincount(words.text, minlength=len(texts)))
        length: Floats = np.sqrt(np.maximum(total[:, -1:], np.float32(1e-6)))
        return TurnScores(total[:, :-1] / length + self.bias, each[:, :-1] / length[words.text], words)
