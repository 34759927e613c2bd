"""How right taggings and redaction are against labels that people gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from typing import NamedTuple

from models.tags import Tagging
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation, Turn, Value

WORD = re.compile(r"\w+")
BINS = 10


class Private(Value):
    """A string of personal data, as written in a turn."""

    text: str


class Labels(Value):
    """What people found in a conversation."""

    primary: Reason
    reasons: frozenset[Reason]
    features: frozenset[Feature] = frozenset()
    step: Step | None = None
    pii: tuple[Private, ...] = ()


class Labelled(Conversation):
    """A conversation with its labels under ``gold``."""

    gold: Labels


class Scores(NamedTuple):
    """Shares from 0 to 1; ``None`` where nothing was there to be measured.

    ``primary_f1`` is the mean over the reasons that occur as primary ones; the other F1 are over all decisions taken
    together. ``billing_f1`` is about any reason but ``not_billing``. ``ece`` is the expected calibration error of the
    primary reason's confidence in ten bins of equal width. ``pii_recall`` is the share of labelled strings none of
    whose words of three characters or more is left in the turn; ``kept`` the share of distinct other words that are.
    """

    n: int
    primary_acc: float
    primary_f1: float
    reasons_f1: float
    billing_f1: float
    features_f1: float
    step_acc: float
    ece: float
    pii_recall: float | None
    kept: float | None


class Judged(NamedTuple):
    """A labelled conversation, what the tagger said of it, and its redacted turns."""

    gold: Labelled
    tagging: Tagging
    turns: Sequence[Turn]


def score(judged: Sequence[Judged]) -> Scores:
    """Scores of one conversation or more."""
    right = [one.gold.gold.primary == one.tagging.primary for one in judged]
    hidden, private, left, clean = (sum(counts) for counts in zip(*map(_redaction, judged), strict=True))
    return Scores(
        n=len(judged),
        primary_acc=_mean(right),
        primary_f1=_macro_f1([(one.gold.gold.primary, one.tagging.primary) for one in judged]),
        reasons_f1=_micro_f1(judged, lambda gold: gold.reasons, lambda said: {tag.id for tag in said.reasons}),
        billing_f1=_micro_f1(judged, lambda gold: _billing(gold.primary), lambda said: _billing(said.primary)),
        features_f1=_micro_f1(judged, lambda gold: gold.features, lambda said: {tag.id for tag in said.features}),
        step_acc=_mean(one.gold.gold.step == one.tagging.step for one in judged),
        ece=calibration_error([(one.tagging.confidence, ok) for one, ok in zip(judged, right, strict=True)]),
        pii_recall=hidden / private if private else None,
        kept=left / clean if clean else None,
    )


def calibration_error(points: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between confidence and accuracy over ten equal bins, weighted by how many fall into each."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in points:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    gaps = [abs(sum(c for c, _ in inside) - sum(ok for _, ok in inside)) for inside in bins]
    return sum(gaps) / len(points)


def _mean(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _billing(primary: Reason) -> frozenset[str]:
    return frozenset() if primary == Reason.NOT_BILLING else frozenset({"billing"})


def _f1(hits: int, said: int, true: int) -> float:
    return 2 * hits / (said + true) if hits else 0.0


def _micro_f1(
    judged: Sequence[Judged],
    labels: Callable[[Labels], Set[str]],
    found: Callable[[Tagging], Set[str]],
) -> float:
    pairs = [(labels(one.gold.gold), found(one.tagging)) for one in judged]
    return _f1(sum(len(t & s) for t, s in pairs), sum(len(s) for _, s in pairs), sum(len(t) for t, _ in pairs))


def _macro_f1(pairs: Sequence[tuple[Reason, Reason]]) -> float:
    reasons = {true for true, _ in pairs}
    scores = [
        _f1(
            sum(true == said == reason for true, said in pairs),
            sum(said == reason for _, said in pairs),
            sum(true == reason for true, _ in pairs),
        )
        for reason in reasons
    ]
    return sum(scores) / len(scores)


def _redaction(one: Judged) -> tuple[int, int, int, int]:
    """Labelled strings hidden, labelled strings, other words left, other words."""
    hidden = private = left = clean = 0
    for before, after in zip(one.gold.turns, one.turns, strict=True):
        remaining = _words(after.text)
        in_private: set[str] = set()
        for item in one.gold.gold.pii:
            if item.text in before.text:
                elsewhere = _words(before.text.replace(item.text, " "))
                telling = {word for word in _words(item.text) if len(word) >= 3} - elsewhere
                in_private |= _words(item.text)
                private += 1
                hidden += not telling & remaining
        others = _words(before.text) - in_private
        clean += len(others)
        left += len(others & remaining)
    return hidden, private, left, clean


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}
