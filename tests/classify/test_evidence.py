"""Which words are shown for a tag."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from classify.conversations import of_like_length
from classify.evidence import heaviest, shown_first
from classify.turns import PAST_END

# Whole numbers, so that sums in another order are the same.
WEIGHTS = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(-5, 5))


@given(WEIGHTS)
def test_no_run_of_words_weighs_more_than_the_one_shown(weights):
    for row, first, last in zip(weights, *heaviest(weights), strict=True):
        runs = [row[i:j].sum() for i in range(len(row)) for j in range(i + 1, len(row) + 1)]
        assert row[first : last + 1].sum() == max(runs)


@given(WEIGHTS, st.integers(1, 6))
def test_what_stands_beside_a_shorter_turn_changes_nothing(weights, more):
    padded = np.hstack([weights, np.full((len(weights), more), PAST_END)])
    assert np.array_equal(heaviest(weights)[0], heaviest(padded)[0])
    assert np.array_equal(heaviest(weights)[1], heaviest(padded)[1])


def test_of_runs_that_weigh_the_same_the_shortest_and_earliest_is_shown():
    first, last = heaviest(np.array([[1, -1, 0, 2, 0, -3, 2]], dtype=np.float32))
    assert (first.tolist(), last.tolist()) == ([3], [3])


def test_the_strongest_turn_is_shown_and_others_that_are_likelier_than_not():
    strength = np.array([0.2, 0.6, 0.9, 0.7, 0.8, 0.1, 0.3], dtype=np.float32)
    of = np.array([0, 0, 0, 0, 0, 1, 1])
    assert shown_first(strength, of).tolist() == [2, 4, 3, 6]


@given(st.lists(st.integers(0, 5000), max_size=40))
def test_groups_hold_everything_once_and_stay_small(sizes):
    counts = np.array(sizes, dtype=np.int64)
    groups = list(of_like_length(counts, 4000))
    assert sorted(np.concatenate([[], *groups])) == list(range(len(sizes)))
    assert all(len(group) == 1 or len(group) * counts[group].max() <= 4000 for group in groups)
