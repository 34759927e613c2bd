"""From turns to the conversation: what is raised at all, and what the customer got in touch for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from classify.features import Floats
from classify.turns import FIRST_FEATURE, NO_REASON
from models.values import Speaker, Turn

SILENT = np.float32(-1.2)  # the score of a turn that says nothing of a tag, where there is no turn to score
STRONGEST = 5  # a call of three hours holds no more reasons than a short one, only more small talk
LONG = 20
SHARPNESS = 4.0  # a turn's scores lie within ±1; softmax needs them wider


def customer_turns(turns: Sequence[Turn]) -> NDArray[np.bool_]:
    """Which turns may be the customer's: all that are not known to be the agent's; all where none else is left."""
    own = np.array([turn.speaker not in (Speaker.AGENT, Speaker.SYSTEM) for turn in turns])
    return own if own.any() else np.ones(len(turns), dtype=bool)


def softmax(scores: Floats) -> Floats:
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return shares


def sigmoid(scores: Floats) -> Floats:
    bounded = np.maximum(scores, np.float32(-80))  # beyond it the exponential overflows, and the share is 0 anyway
    shares: Floats = np.float32(1) / (np.float32(1) + np.exp(-bounded))
    return shares


def certainty(scores: Floats) -> Floats:
    """How surely each turn shows each reason (its share among all reasons and none) and each feature (by itself)."""
    reasons = softmax(SHARPNESS * scores[:, :FIRST_FEATURE])[:, :NO_REASON]
    return np.hstack([reasons, sigmoid(SHARPNESS * scores[:, FIRST_FEATURE:])])


def describe(scores: Floats, own: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Describe one conversation tag by tag.

    ``scores`` is (turns, columns), ``own`` says which turns are the customer's. Returns (tags, 16) and (tags,): how
    strong each tag is where it is strongest, how often and how early it shows, what the agent said around it; and its
    peak certainty alone. Tags are the reasons followed by the features.
    """
    tags = np.delete(scores, NO_REASON, axis=1)
    share = certainty(scores)
    mine, sure, at = tags[own], share[own], np.flatnonzero(own)
    count, columns = len(mine), np.arange(tags.shape[1])
    early = np.linspace(0, 1, count) < 0.5
    strongest, surest = np.sort(mine, axis=0)[: -STRONGEST - 1 : -1], np.sort(sure, axis=0)[: -STRONGEST - 1 : -1]
    peak, best = strongest[0], mine.argmax(axis=0)
    padded = np.pad(tags, ((1, 1), (0, 0)), constant_values=SILENT)
    agent = tags[~own].max(axis=0) if count < len(tags) else np.full_like(peak, SILENT)
    described = [
        peak,
        strongest[1] if count > 1 else np.full_like(peak, SILENT),
        np.log(np.exp(SHARPNESS * (strongest - peak)).sum(axis=0)) / SHARPNESS + peak,
        strongest.mean(axis=0),
        surest[0],
        surest.sum(axis=0),
        mine[0],
        mine[-1],
        agent,
        np.sort(share[~own], axis=0)[-STRONGEST:].sum(axis=0),
        best / max(1, count - 1),
        np.concatenate([margin(peak[:NO_REASON]), margin(peak[NO_REASON:])]),
        padded[at[best] + 2, columns],
        padded[at[best], columns],
        np.sort(sure[early], axis=0)[-STRONGEST:].sum(axis=0),
        np.full_like(peak, np.log(min(count, LONG))),
    ]
    return np.stack(described, axis=1).astype(np.float32), surest[0].astype(np.float32)


def margin(peaks: Floats) -> Floats:
    """How far each peak stands above the highest of the others."""
    first, second = np.sort(peaks)[[-1, -2]]
    above: Floats = peaks - np.where(peaks == first, second, first)
    return above


class Head:
    """A small network that all tags share, plus what each tag says about each other tag.

    Arrays: ``mean, scale`` (16,), ``hidden`` (16, h), ``hidden_bias`` (h,), ``out`` (h, o), ``bias`` (tags, o),
    ``between`` (o, all tags, tags). ``tags`` picks the tags it judges.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], prefix: str, tags: slice) -> None:
        self.tags = tags
        names = ("mean", "scale", "hidden", "hidden_bias", "out", "bias", "between")
        parts = [arrays[f"{prefix}.{name}"].astype(np.float32) for name in names]
        self.mean, self.scale, self.hidden, self.hidden_bias, self.out, self.bias, self.between = parts

    def __call__(self, described: Floats, certain: Floats) -> Floats:
        """Judge one conversation as :func:`describe` gave it. Returns (o, tags)."""
        inner = np.tanh((described[self.tags] - self.mean) / self.scale @ self.hidden + self.hidden_bias)
        judged: Floats = (inner @ self.out + self.bias).T + certain @ self.between
        return judged
