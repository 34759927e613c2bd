"""Learning to score whole conversations by all the words said in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classify.conversations import customers
from classify.training.corpus import Labelled, Utterance
from classify.training.fit_turns import Arrays, Design, fit_machines, in_steps, scaled
from classify.turns import FEATURES, REASONS
from classify.words import Ints

PENALTY = 1.0
OTHERS = 0.7  # what others' words count beside the customer's
ROLELESS_WEIGHT, MESSAGE_WEIGHT = 0.3, 1.0  # beside conversations as they came: these without roles, single turns


class Wholes:
    """What whole conversations are learnt from: ``rows``, what is ``true`` of them, how much each counts, and
    ``origin``, the place of its conversation, or −1 − the place of its message."""

    def __init__(self, design: Design, conversations: Sequence[Labelled], messages: Sequence[Utterance]) -> None:
        """``design`` was made of the messages first of all."""
        self.design = design
        own, counts = customers([one.conversation.turns for one in conversations])
        conversation = np.repeat(np.arange(len(counts)), counts)
        texts = [turn.text for one in conversations for turn in one.conversation.turns]
        weighed, squares = design.weigh(*design.count(texts))

        def said_by(chosen: NDArray[np.bool_]) -> sparse.csr_matrix:
            of = conversation[chosen]
            joined = sparse.csr_matrix((np.ones(len(of)), (of, np.flatnonzero(chosen))), (len(counts), len(own)))
            return scaled(joined @ weighed, joined @ squares)

        meant = [place for place, message in enumerate(messages) if message.reasons]
        runs = len(design.runs)
        self.rows = sparse.bmat(
            [
                [said_by(own), OTHERS * said_by(~own)[:, :runs]],
                [said_by(own | True), None],
                [design.rows[meant], None],
            ]
        ).tocsr()
        places = np.arange(len(conversations))
        self.origin: Ints = np.concatenate([places, places, -1 - np.array(meant)])
        self.weight = np.repeat([1.0, ROLELESS_WEIGHT, MESSAGE_WEIGHT], [len(places), len(places), len(meant)])
        # Which of a message's several reasons is the primary one is not known.
        of_conversations = np.array([true_of({one.primary}, one.features) for one in conversations])
        of_messages = np.array([true_of(messages[place].reasons, messages[place].features) for place in meant])
        self.true = np.vstack([of_conversations, of_conversations, of_messages])


def true_of(reasons: frozenset[object] | set[object], features: frozenset[object]) -> list[bool]:
    return [reason in reasons for reason in REASONS] + [feature in features for feature in FEATURES]


def fit_whole(wholes: Wholes, used: NDArray[np.bool_]) -> Arrays:
    """Learn from the rows that ``used`` picks. Arrays for ``WholeModel``."""
    weights, bias = fit_machines(wholes.rows[used], wholes.true[used], PENALTY, wholes.weight[used])
    design = wholes.design
    runs, pairs, others = np.split(weights, np.cumsum([len(design.runs), len(design.pairs)]))
    in_tokens, idf = design.in_tokens[:, design.runs], design.runs_idf[:, None]
    tables = [in_tokens @ (runs * idf), OTHERS * (in_tokens @ (others * idf)), pairs * design.pairs_idf[:, None]]
    (customer, other, paired), scales = zip(*map(in_steps, tables), strict=True)
    return {
        "whole.tokens": np.stack([customer, other]),
        "whole.pairs": paired,
        "whole.scale": np.stack(scales),
        "whole.bias": bias.astype(np.float32),
    }
