"""Choosing thresholds and temperatures on conversations that the judging model has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classify.conversations import softmax
from classify.tagger import NOT_BILLING
from classify.training.corpus import Labelled
from classify.turns import FEATURES, REASONS
from classify.words import Floats
from models.taxonomy import LANGUAGES

THRESHOLDS = np.arange(0.2, 0.7, 0.025)
TEMPERATURES = np.geomspace(0.5, 3.0, 60)
LEAN = 50
AS_GOOD = 0.01


class Unseen(NamedTuple):
    """A conversation as judged by a model that had not seen it: logits of the primary reason, probabilities of all."""

    labelled: Labelled
    wanted: Floats
    raised: Floats
    features: Floats


def micro_f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return float(2 * (true & said).sum() / max(1, true.sum() + said.sum()))


def costs_of(judged: Sequence[Unseen]) -> NDArray[np.float64]:
    """(temperatures,): how surprising the truth is together at each of them."""
    logits = np.stack([j.wanted for j in judged])
    rows, truth = np.arange(len(judged)), [REASONS.index(j.labelled.primary) for j in judged]
    return np.array([-np.log(softmax(logits / t)[rows, truth] + 1e-9).sum() for t in TEMPERATURES.astype(np.float32)])


def fit_temperatures(judged: Sequence[Unseen]) -> dict[str, float]:
    """One for each language, and one for texts in another: where the truth is least surprising (Guo et al. 2017, "On
    Calibration of Modern Neural Networks"). A language with few conversations leans on the others, by ``LEAN`` of them.
    """
    groups = {"all": list(judged)}
    groups |= {language: [j for j in judged if j.labelled.conversation.language == language] for language in LANGUAGES}
    usual = costs_of(judged) * LEAN / len(judged)
    return {
        name: round(float(TEMPERATURES[int(np.argmin(costs_of(group) + usual))]), 3)
        for name, group in groups.items()
        if group
    }


def reasons_said(judged: Sequence[Unseen], threshold: float) -> NDArray[np.bool_]:
    """The sets of reasons that the tagger would give, as :class:`classify.tagger.ModelTagger` forms them."""
    said = np.stack([j.raised for j in judged]) >= threshold
    primary = np.stack([j.wanted for j in judged]).argmax(axis=1)
    said[primary == NOT_BILLING] = False
    said[:, NOT_BILLING] = False
    said[np.arange(len(said)), primary] = True
    return said


def features_said(judged: Sequence[Unseen], threshold: float) -> NDArray[np.bool_]:
    said = np.stack([j.features for j in judged]) >= threshold
    said[np.stack([j.wanted for j in judged]).argmax(axis=1) == NOT_BILLING] = False
    return said


def middle_of_the_best(scores: Sequence[float]) -> float:
    """The mean of all thresholds that are about as good as the best: which of them is on top is chance."""
    good = THRESHOLDS[np.array(scores) >= max(scores) - AS_GOOD]
    return round(float(good.mean()), 3)


def fit_settings(judged: Sequence[Unseen]) -> dict[str, Any]:
    """Thresholds by micro F1, temperatures by likelihood; see :class:`classify.tagger.ModelTagger`."""
    reasons = np.array([[r in j.labelled.reasons for r in REASONS] for j in judged])
    features = np.array([[f in j.labelled.features for f in FEATURES] for j in judged])
    return {
        "temperature": fit_temperatures(judged),
        "reasons_from": middle_of_the_best([micro_f1(reasons, reasons_said(judged, t)) for t in THRESHOLDS]),
        "features_from": middle_of_the_best([micro_f1(features, features_said(judged, t)) for t in THRESHOLDS]),
    }
