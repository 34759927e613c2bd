"""All that is said in a conversation counts, and however long somebody waits on the line, small talk does not."""

from __future__ import annotations

import numpy as np

from classify.turns import COLUMNS
from classify.whole import MOST, sums, telling


def shown(*strengths: float) -> np.ndarray:
    """Scores of turns, each of which shows one reason so strongly."""
    turns = np.full((len(strengths), COLUMNS), -1.0, dtype=np.float32)
    turns[:, 3] = strengths
    return turns


def test_of_a_short_conversation_everything_is_read() -> None:
    own = np.array([True, False, False, True])
    assert telling(shown(0.9, 0.1, 0.1, -0.9), own, np.array([4])).all()


def test_of_a_long_one_what_shows_a_reason_most_is_read_and_what_others_said_beside_it() -> None:
    strengths = [-0.9, -0.9] * 20
    for place in range(0, 2 * MOST, 2):
        strengths[place + 10] = 0.5
    own = np.arange(40) % 2 == 0
    read = np.flatnonzero(telling(shown(*strengths), own, np.array([40])))
    assert read.tolist() == list(range(9, 10 + 2 * MOST))


def test_a_conversation_is_read_alike_whatever_stands_beside_it() -> None:
    chance = np.random.default_rng(0)
    counts = np.array([40, 3, 25])
    turns, own = chance.normal(size=(68, COLUMNS)).astype(np.float32), chance.random(68) < 0.6
    together = np.split(telling(turns, own, counts), [40, 43])
    for part, scores, mine in zip(together, np.split(turns, [40, 43]), np.split(own, [40, 43]), strict=True):
        assert np.array_equal(part, telling(scores, mine, np.array([len(mine)])))


def test_sums_are_exact_and_nothing_adds_up_to_nothing() -> None:
    rows = np.array([[100, 1], [100, 2], [100, 3]], dtype=np.int8)
    none = np.array([], dtype=np.int64)
    assert sums(rows, np.array([0, 1, 2]), np.array([2, 0, 2]), 4).tolist() == [[100, 2], [0, 0], [200, 4], [0, 0]]
    assert sums(rows, none, none, 2).tolist() == [[0, 0], [0, 0]]


def test_what_ends_one_conversation_is_not_beside_what_begins_the_next() -> None:
    strengths = [0.5] * MOST + [-0.5, -0.5]  # the last is the agent's, beside a turn that is not read
    own = np.array([True] * (MOST + 1) + [False])
    read = telling(shown(*strengths, *strengths), np.tile(own, 2), np.array([len(own)] * 2))
    assert np.flatnonzero(~read).tolist() == [MOST, MOST + 1, len(own) + MOST, len(own) + MOST + 1]
