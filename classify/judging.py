"""What a model makes of conversations before any threshold: the shape that every tagger's model gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.words import Floats
from models.tags import Evidence


@dataclass(frozen=True)
class Judged:
    """Logits for n conversations; reasons in the order of ``REASONS``, features in that of ``FEATURES``.

    ``evidence(asked)`` gives for each conversation and column of ``COLUMN_NAMES`` asked the turns that show it, best
    first; what is about no invoice is shown by no turn.
    """

    primary: Floats  # (n, 27): what the customer got in touch for; a softmax makes shares of them
    reasons: Floats  # (n, 27): each raised by itself
    features: Floats  # (n, 21): each meant by itself
    silent: NDArray[np.bool_]  # (n,): nothing was said that could be read
    evidence: Callable[[Sequence[tuple[int, int]]], list[tuple[Evidence, ...]]]
