"""Learning to score single turns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC
from tokenizers import Tokenizer

from classify.conversations import customer_turns
from classify.features import SLOT_BITS, fold, pieces, slot, slots_of_pairs
from classify.training.corpus import Labelled, Utterance
from classify.turns import COLUMNS, FEATURES, FIRST_FEATURE, NO_REASON, REASONS
from classify.words import Ints, Words, tells

Arrays = dict[str, NDArray[np.generic]]
SEEN_AT_LEAST = 2
PENALTY = 0.3
TOLERANCE = 0.1  # liblinear's own choice for this machine
# Words and pairs of words count this many times as much as runs of characters, of which there are many more.
WORD, PAIR = 2.0, 2.0
# Steps on either side of 0 in which weights are stored: half of what a byte holds, as such files pack a fifth smaller.
LEVELS = 63


def targets(utterances: Sequence[Utterance]) -> NDArray[np.bool_]:
    """(utterances, columns): which columns each shows, the one for "no reason" included."""
    shown = np.zeros((len(utterances), COLUMNS), dtype=bool)
    for row, said in zip(shown, utterances, strict=True):
        row[[REASONS.index(reason) for reason in said.reasons] or [NO_REASON]] = True
        row[[FIRST_FEATURE + FEATURES.index(feature) for feature in said.features]] = True
    return shown


def turns_of(labelled: Labelled) -> list[Utterance]:
    """The customer's turns; one without evidence shows nothing, and that is worth learning too."""
    turns = labelled.conversation.turns
    silent = Utterance("", frozenset(), frozenset(), labelled.conversation.language or "")
    own = np.flatnonzero(customer_turns(turns))
    shown = [labelled.evidence.get(int(index), silent) for index in own]
    return [
        Utterance(turns[index].text, s.reasons, s.features, s.language) for index, s in zip(own, shown, strict=True)
    ]


def count_pieces(vocabulary: Sequence[str]) -> sparse.csr_matrix:
    """(tokens, slots): how often each token holds each run of characters; its whole self counts ``WORD`` times."""
    lists = [[slot(piece) for piece in pieces(token)] if tells(token) else [] for token in vocabulary]
    flat = np.fromiter(chain.from_iterable(lists), dtype=np.int64)
    ends = np.cumsum([0, *map(len, lists)])
    times = np.ones(len(flat))
    times[ends[:-1][np.diff(ends) > 0]] = WORD
    return sparse.csr_matrix((times, flat, ends), shape=(len(vocabulary), 1 << SLOT_BITS))


def numbered_alike(vocabulary: Sequence[str]) -> Ints:
    """For each token the number of the first token that is compared as the same."""
    first: dict[str, int] = {}
    return np.array([first.setdefault(fold(token), number) for number, token in enumerate(vocabulary)])


class Design:
    """All texts as tf-idf rows, scaled exactly as :meth:`classify.turns.TurnModel.score` scales them.

    ``runs`` and ``pairs`` are the slots of runs of characters and of pairs of tokens, one after the other in ``rows``;
    ``weighed`` are the rows before scaling, ``squares`` what they are scaled by the root of.
    """

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer) -> None:
        names = tokenizer.get_vocab()
        self.vocabulary = sorted(names, key=names.__getitem__)
        self.folded = numbered_alike(self.vocabulary)
        self.in_tokens = count_pieces(self.vocabulary)
        self.words = Words(tokenizer)
        tokens, pairs = self.count(texts)
        self.runs, self.runs_idf = telling(tokens @ self.in_tokens)
        self.pairs, self.pairs_idf = telling(pairs)
        self.pairs_idf *= PAIR
        self.weighed, self.squares = self.weigh(tokens, pairs)
        self.rows = scaled(self.weighed, self.squares)

    def count(self, texts: Sequence[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """(texts, tokens) and (texts, slots of pairs)"""
        tokens = self.words.split(texts)
        shape = (len(texts), len(self.vocabulary))
        in_texts = sparse.csr_matrix((np.ones(len(tokens.token)), (tokens.text, tokens.token)), shape=shape)
        slots, second = slots_of_pairs(tokens, self.folded)
        shape = (len(texts), 1 << SLOT_BITS)
        return in_texts, sparse.csr_matrix((np.ones(len(slots)), (tokens.text[second], slots)), shape=shape)

    def weigh(
        self, tokens: sparse.csr_matrix, pairs: sparse.csr_matrix
    ) -> tuple[sparse.csr_matrix, NDArray[np.float64]]:
        """What :meth:`count` counted as tf-idf rows, and the squares that each token and pair adds."""
        runs = (tokens @ self.in_tokens)[:, self.runs] @ sparse.diags(self.runs_idf)
        known = pairs[:, self.pairs]
        squares = tokens @ self.squares_of_tokens() + np.asarray(known @ self.pairs_idf**2)
        return sparse.hstack([runs, known @ sparse.diags(self.pairs_idf)]).tocsr(), squares

    def squares_of_tokens(self) -> NDArray[np.float64]:
        return np.asarray(self.in_tokens[:, self.runs].power(2) @ self.runs_idf**2)


def telling(counts: sparse.csr_matrix) -> tuple[Ints, NDArray[np.float64]]:
    """The slots seen often enough, and how telling each is: its inverse document frequency."""
    counts.sum_duplicates()
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    slots = np.flatnonzero(seen >= SEEN_AT_LEAST)
    return slots, np.log(counts.shape[0] / seen[slots]) + 1


def scaled(rows: sparse.csr_matrix, squares: NDArray[np.float64]) -> sparse.csr_matrix:
    return (sparse.diags(1 / np.sqrt(np.maximum(squares, 1e-6))) @ rows).tocsr()


def fit_machines(
    rows: sparse.csr_matrix, shown: NDArray[np.bool_], penalty: float, weight: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One linear support vector machine for each column of ``shown``: (slots, columns), (columns,)."""

    def column(true: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
        if not true.any():  # nobody in this data says it: never seen, never found
            return np.zeros(rows.shape[1]), -1.0
        machine = LinearSVC(C=penalty, tol=TOLERANCE, random_state=0)
        machine.fit(rows, true, sample_weight=weight)
        return machine.coef_[0], float(machine.intercept_[0])

    # One after the other: liblinear draws from one stream of random numbers, which threads would share by chance.
    columns = [column(true) for true in shown.T]
    return np.stack([weights for weights, _ in columns], axis=1), np.array([bias for _, bias in columns])


def in_steps(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A table's weights in whole steps, and how large a step is in each column."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / LEVELS
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def fit_turns(design: Design, shown: NDArray[np.bool_], used: NDArray[np.bool_]) -> Arrays:
    """Learn from the rows that ``used`` picks. Arrays for ``TurnModel``: what the runs of characters
    in a token weigh is summed up into the token's embedding."""
    weights, bias = fit_machines(design.rows[used], shown[used], PENALTY)
    runs, pairs = np.split(weights, [len(design.runs)])
    idf = design.runs_idf[:, None]
    pairs = np.column_stack([pairs * design.pairs_idf[:, None], design.pairs_idf**2])
    stored, scale = in_steps(pairs)
    return {
        "embedding": (design.in_tokens[:, design.runs] @ (runs * idf)).astype(np.float16),
        "squares": design.squares_of_tokens().astype(np.float32),
        "folded": design.folded.astype(np.int32),
        "pair_slots": design.pairs.astype(np.uint32),
        "pairs": stored,
        "pair_scale": scale,
        "bias": bias.astype(np.float32),
    }
