"""Which words show a tag: read off the same scores that gave the tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from classify.turns import COLUMN_NAMES, TurnScores
from models.tags import Evidence

SHOWN_AT_MOST = 3
SHOWN_FROM = 0.5


def heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """The run ``[first, last]`` that weighs most together (Kadane's algorithm); the earliest of equals."""
    first = best_first = best_last = 0
    total, best = 0.0, -np.inf
    for place, weight in enumerate(weights):
        if total <= 0:
            first, total = place, 0.0
        total += weight
        if total > best:
            best, best_first, best_last = total, first, place
    return best_first, best_last


def shown_first(strength: Sequence[float]) -> list[int]:
    """The places to show, strongest first: always the strongest, others where they are likelier than not."""
    ranked = sorted(range(len(strength)), key=strength.__getitem__, reverse=True)[:SHOWN_AT_MOST]
    return [place for rank, place in enumerate(ranked) if rank == 0 or strength[place] >= SHOWN_FROM]


def evidence_of(
    turns: Sequence[int], strength: Sequence[float], column: int, words_of: Callable[[int], tuple[int, int]]
) -> tuple[Evidence, ...]:
    """The turns that show a column's tag most, best first. ``turns`` are the customer's turns that say something,
    counted within the conversation; ``strength`` how likely each shows the tag; ``words_of(place)`` the characters of
    the words that do."""
    found = []
    for place in shown_first(strength):
        (start, end), score = words_of(place), round(strength[place], 4)
        because = f"the words weigh {score:.2f} for {COLUMN_NAMES[column]}"
        found.append(Evidence(turn=turns[place], start=start, end=end, score=score, because=because))
    return tuple(found)


def heaviest_words(scores: TurnScores, row: int, column: int) -> tuple[int, int]:
    """The characters of the words that weigh most together for a column in one turn."""
    return whole_words(scores, row, *heaviest(scores.words(row, column).tolist()))


def whole_words(scores: TurnScores, row: int, first: int, last: int) -> tuple[int, int]:
    """The characters of a run of tokens, widened to the words that it begins and ends in."""
    tokens = scores.tokens
    start, encoding = int(tokens.starts[row]), tokens.encodings[row]

    def word(token: int) -> tuple[int, int]:
        number = encoding.token_to_word(int(tokens.place[start + token]))
        return encoding.word_to_chars(number)  # type: ignore[return-value, arg-type]  # only marks, not used here, are in no word

    return word(first)[0], word(last)[1]
