"""Which words show a tag: read off the same scores that gave the tag."""

from __future__ import annotations

import numpy as np

from classify.conversations import SHARPNESS, sigmoid
from classify.features import Floats
from classify.turns import COLUMN_NAMES, TurnScores
from models.values import Evidence

SHOWN_AT_MOST = 3
SHOWN_FROM = 0.5


def heaviest(weights: Floats) -> tuple[int, int]:
    """The run ``[first, last]`` of words that weighs most together (Kadane's algorithm)."""
    before = np.concatenate(([0.0], np.cumsum(weights, dtype=np.float64)))
    gain = before[1:] - np.minimum.accumulate(before)[:-1]
    last = int(gain.argmax())
    return int(before[: last + 1].argmin()), last


def find_evidence(scores: TurnScores, first: int, turns: list[int], column: int) -> tuple[Evidence, ...]:
    """The turns that show a column's tag most, best first: always the best, others where they are likelier than not.

    ``turns`` are the customer's turns, counted within the conversation; ``first`` is where the conversation's turns
    begin in ``scores``.
    """
    strength = {turn: float(sigmoid(SHARPNESS * scores.turns[first + turn, column])) for turn in turns}
    ranked = sorted(turns, key=lambda turn: -strength[turn])[:SHOWN_AT_MOST]
    found = []
    for rank, turn in enumerate(ranked):
        low, high = scores.span(first + turn)
        if high > low and (rank == 0 or strength[turn] >= SHOWN_FROM):
            begin, last = heaviest(scores.words[low:high, column])
            start, end = int(scores.found.start[low + begin]), int(scores.found.end[low + last])
            score = round(strength[turn], 4)
            because = f"the words weigh {score:.2f} for {COLUMN_NAMES[column]}"
            found.append(Evidence(turn=turn, start=start, end=end, score=score, because=because))
    return tuple(found)
