"""Learning to score single turns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from classify.conversations import customer_turns
from classify.features import SLOT_BITS, slots_of_pairs, slots_of_words, split
from classify.training.corpus import Labelled, Utterance
from classify.turns import COLUMNS, FEATURES, FIRST_FEATURE, NO_REASON, REASONS

Arrays = dict[str, NDArray[np.generic]]
SEEN_AT_LEAST = 2
PENALTY = 0.3
TOLERANCE = 0.1  # liblinear's own choice for this machine


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


def count(texts: Sequence[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix, sparse.csr_matrix]:
    """Counts as three matrices: (texts, words), (words, slots) and, for pairs of words, (texts, slots)."""
    words = split(texts)
    slots, counts = slots_of_words(words.distinct)
    ones, shape = np.ones(len(slots), dtype=np.float64), (len(words.distinct), 1 << SLOT_BITS)
    in_words = sparse.csr_matrix((ones, slots, np.concatenate(([0], np.cumsum(counts)))), shape=shape)
    in_texts = sparse.csr_matrix((np.ones(len(words.word)), (words.text, words.word)), shape=(len(texts), shape[0]))
    slots, second = slots_of_pairs(words)
    pairs = sparse.csr_matrix((np.ones(len(slots)), (words.text[second], slots)), shape=(len(texts), shape[1]))
    return in_texts, in_words, pairs


class Design:
    """All texts as tf-idf rows, scaled exactly as :meth:`classify.turns.TurnModel.score` scales them."""

    def __init__(self, texts: Sequence[str]) -> None:
        in_texts, in_words, pairs = count(texts)
        counts = (in_texts @ in_words + pairs).tocsr()
        counts.sum_duplicates()
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        self.slots = np.flatnonzero(seen >= SEEN_AT_LEAST)
        # Rounded as stored, so that learning and use agree.
        idf = (np.log(len(texts) / seen[self.slots]) + 1).astype(np.float16).astype(np.float64)
        squares = np.zeros(counts.shape[1])
        squares[self.slots] = idf**2
        length = np.sqrt(np.maximum(in_texts @ (in_words @ squares) + pairs @ squares, 1e-6))
        self.idf = idf
        self.rows = (sparse.diags(1 / length) @ counts[:, self.slots] @ sparse.diags(idf)).tocsr()


def fit_turns(design: Design, shown: NDArray[np.bool_], used: NDArray[np.bool_]) -> Arrays:
    """One linear support vector machine a column, on the rows that ``used`` picks; float16 arrays for ``TurnModel``."""
    rows = design.rows[used]

    def column(index: int) -> tuple[NDArray[np.float64], float]:
        if not shown[used, index].any():  # nobody in this data says it: never seen, never found
            return np.zeros(rows.shape[1]), -1.0
        machine = LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=0)
        machine.fit(rows, shown[used, index])
        return machine.coef_[0], float(machine.intercept_[0])

    # One after the other: liblinear draws from one stream of random numbers, which threads would share by chance.
    columns = [column(index) for index in range(COLUMNS)]
    return {
        "slots": design.slots.astype(np.uint32),
        "idf": design.idf.astype(np.float16),
        "weights": np.stack([weights for weights, _ in columns], axis=1).astype(np.float16),
        "bias": np.array([bias for _, bias in columns], dtype=np.float32),
    }
