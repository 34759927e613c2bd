"""Scores for whole conversations: static embeddings of all the words said in them, by the customer and by others."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classify.turns import NO_REASON, TurnScores
from classify.words import Floats, Ints

MOST = 8  # turns of a customer's: few conversations that were learnt from have more
CUSTOMER, OTHER, PAIR = range(3)  # whose token, or a pair of the customer's


class WholeModel:
    """Arrays, for the tags that :func:`classify.conversations.describe` describes: ``whole.tokens``: (2, tokens, tags),
    what a token weighs where the customer says it and where somebody else does; ``whole.pairs``: (pairs, tags);
    ``whole.scale``: (3, tags), what one of each counts; ``whole.bias``: (tags,)."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.tokens: NDArray[np.int8] = np.concatenate(arrays["whole.tokens"].astype(np.int8))
        self.pairs = arrays["whole.pairs"].astype(np.int8)
        self.scale, self.bias = arrays["whole.scale"].astype(np.float32), arrays["whole.bias"].astype(np.float32)

    def score(self, scores: TurnScores, own: NDArray[np.bool_], counts: Ints) -> Floats:
        """(conversations, tags), about 1 for "surely", −1 for "surely not". ``own`` says which turns are the
        customer's, ``counts`` how many turns each conversation has; the turns stand one after the other."""
        n = len(counts)
        side = 2 * np.repeat(np.arange(n), counts) + ~own
        read = telling(scores.turns, own, counts)
        squares = np.bincount(side, scores.squares * read, 2 * n)
        length: Floats = np.sqrt(np.maximum(squares, 1e-6)).astype(np.float32)
        chosen = read[scores.tokens.text]
        token, of = scores.tokens.token[chosen], side[scores.tokens.text[chosen]]
        said = sums(self.tokens, token + len(self.tokens) // 2 * (of % 2), of, 2 * n)
        pair = scores.pair[chosen]
        paired = np.flatnonzero((pair > 0) & (of % 2 == CUSTOMER))
        pairs = sums(self.pairs, pair[paired].astype(np.int64) - 1, of[paired] // 2, n)
        customer = (said[0::2] * self.scale[CUSTOMER] + pairs * self.scale[PAIR]) / length[0::2, None]
        other = said[1::2] * self.scale[OTHER] / length[1::2, None]
        whole: Floats = customer + other + self.bias
        return whole


def telling(turns: Floats, own: NDArray[np.bool_], counts: Ints) -> NDArray[np.bool_]:
    """Which turns to read: all, but where the customer said more than ``MOST`` things, those that show a reason most
    and what was said right before and after them. A long call has more small talk, not more to tell."""
    conversation = np.repeat(np.arange(len(counts)), counts)
    strength = np.where(own, turns[:, :NO_REASON].max(axis=1, initial=-np.inf), -np.inf)
    order = np.lexsort((-strength, conversation))
    rank = np.empty(len(own), dtype=np.int64)
    rank[order] = np.arange(len(own)) - np.repeat(np.cumsum(counts) - counts, counts)
    most = own & (rank < MOST)
    same = conversation[1:] == conversation[:-1]
    beside = most.copy()
    beside[1:] |= most[:-1] & same
    beside[:-1] |= most[1:] & same
    few = np.bincount(conversation[own], minlength=len(counts)) <= MOST
    chosen: NDArray[np.bool_] = few[conversation] | most | (beside & ~own)
    return chosen


def sums(table: NDArray[np.int8], rows: Ints, segment: Ints, count: int) -> Floats:
    """(count, columns): sums of a table's rows by ``segment``. They are whole numbers and small enough to be exact, in
    whatever order they are added."""
    values = table.take(rows[np.argsort(segment, kind="stable")], axis=0).astype(np.float32)
    ends = np.cumsum(np.bincount(segment, minlength=count)).tolist()
    ones = np.ones(len(values), dtype=np.float32)
    total = np.empty((count, table.shape[1]), dtype=np.float32)
    for place, (start, end) in enumerate(pairwise([0, *ends])):  # products with ones take a third of reduceat's time
        np.dot(ones[start:end], values[start:end], out=total[place])
    return total
