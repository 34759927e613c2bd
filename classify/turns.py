"""Scores for single turns: static embeddings of tokens whose dimensions are the reasons and invoice features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classify.features import SLOT_BITS, slots_of_pairs
from classify.words import Floats, Ints, Tokens, Words
from models.taxonomy import Feature, Reason

REASONS = tuple(Reason)
FEATURES = tuple(Feature)
NO_REASON = len(REASONS)
FIRST_FEATURE = NO_REASON + 1
COLUMN_NAMES = (*REASONS, "no_reason", *FEATURES)
COLUMNS = len(COLUMN_NAMES)
PAST_END = np.float32(-1e9)  # less than any words weigh, and finite, as sums go over it


@dataclass(frozen=True)
class TurnScores:
    """``turns``: (turns, columns), about 1 for "surely", −1 for "surely not"."""

    turns: Floats
    squares: Floats  # (turns,): the square of each text's length
    tokens: Tokens
    pair: NDArray[np.int32]  # for each token the row of the pair that it makes with the one before it, 0 for none
    model: TurnModel

    def words(self, rows: Ints, columns: Ints) -> Floats:
        """(n, tokens): what a turn's telling tokens weigh for a column, up to its length; ``PAST_END`` past its end."""
        tokens, model = self.tokens, self.model
        counts, along = tokens.counts[rows, None], np.arange(tokens.counts[rows].max(initial=0))
        inside = along < counts
        own, column = np.where(inside, tokens.starts[rows, None] + along, 0), columns[:, None]
        weights: Floats = model.embedding[tokens.token[own], column] + model.pairs[self.pair[own], column]
        return np.where(inside, weights, PAST_END)


class TurnModel:
    """``embedding``: (tokens, columns); ``squares``: (tokens,), what each token adds to the square of a text's length;
    ``folded``: (tokens,), the same number for tokens that are compared as one; ``pair_slots``: (n,) slots of known
    pairs, ``pairs``: (n, columns + 1) times ``pair_scale``; ``bias``: (columns,)."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], tokenizer: Tokenizer) -> None:
        self.split = Words(tokenizer).split
        self.embedding = np.hstack([arrays["embedding"], arrays["squares"][:, None]], dtype=np.float32)
        self.folded = arrays["folded"].astype(np.int64)
        # Row 0 stands for every pair that training never met.
        self.pairs = np.zeros((len(arrays["pairs"]) + 1, COLUMNS + 1), dtype=np.float32)
        np.multiply(arrays["pairs"], arrays["pair_scale"].astype(np.float32), out=self.pairs[1:])
        self.pair_slots = arrays["pair_slots"].astype(np.int64)
        self.bias = arrays["bias"].astype(np.float32)

    @cached_property
    def pair_rows(self) -> NDArray[np.int32]:
        rows = np.zeros(1 << SLOT_BITS, dtype=np.int32)
        rows[self.pair_slots] = np.arange(1, len(self.pairs))
        return rows

    def score(self, texts: Sequence[str]) -> TurnScores:
        """Score each text by itself; the cost grows with the number of words."""
        tokens = self.split(texts)
        slots, second = slots_of_pairs(tokens, self.folded)
        pair = np.zeros(len(tokens.token), dtype=np.int32)
        pair[second] = self.pair_rows[slots]
        total = self._sums(tokens, pair)
        length: Floats = np.sqrt(np.maximum(total[:, -1:], np.float32(1e-6)))
        turns: Floats = total[:, :-1] / length + self.bias
        return TurnScores(turns, total[:, -1], tokens, pair, self)

    def _sums(self, tokens: Tokens, pair: NDArray[np.int32]) -> Floats:
        """Each text's sum over its tokens; all texts' first tokens first, as many rows at once add up fastest."""
        longest_first = np.argsort(-tokens.counts, kind="stable")
        starts = tokens.starts[longest_first]
        total = np.zeros((len(starts), self.embedding.shape[1]), dtype=np.float32)
        still = np.searchsorted(-tokens.counts[longest_first], -np.arange(int(tokens.counts.max(initial=0))), "left")
        weights = np.empty_like(total)
        for place, count in enumerate(still.tolist()):
            rows = starts[:count] + place
            for table, chosen in ((self.embedding, tokens.token[rows]), (self.pairs, pair[rows])):
                # By default what is taken is copied once more, so that a wrong row leaves nothing half written.
                total[:count] += np.take(table, chosen, axis=0, out=weights[:count], mode="clip")
        ordered = np.empty_like(total)
        ordered[longest_first] = total
        return ordered
