"""Weighing words and encoder together, on conversations that neither has seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logit

from classify.conversations import sigmoid, softmax
from classify.full import EncoderModel
from classify.training.build import Fitted, Progress
from classify.training.calibrate import Unseen, fit_settings
from classify.training.encoder import held_out, train_encoder
from classify.turns import FEATURES, REASONS
from classify.words import Floats

FULL, CASCADE = "full-5", "cascade-5"
Weights = tuple[float, float]
EDGE = np.float32(1e-6)  # probabilities of 0 and 1 have no logit
# One conversation in twelve is less sure than this: the full tagger reads these in about the time that a tenth of all
# would take it, and what it would say better of the others changes the primary reason of hardly one in a hundred.
# Of a single short message, which takes it a quarter of that time, it is asked where it may say anything better at all.
ASK_BELOW, ASK_OF_MESSAGE_BELOW = 0.55, 0.97


def weigh(one: Floats, other: Floats, cost: Any) -> Weights:
    """What each model's logits count so that the truth is likeliest; neither counts less than nothing."""
    found = minimize(
        lambda w: cost(one * w[0] + other * w[1]), x0=[0.5, 0.5], bounds=[(0, 5), (0, 5)], method="L-BFGS-B"
    )
    return round(float(found.x[0]), 3), round(float(found.x[1]), 3)


def surprise_of_one(truth: NDArray[np.int64]) -> Any:
    """Mean negative log-likelihood of the one true column."""
    return lambda logits: -np.log(softmax(logits)[np.arange(len(truth)), truth] + 1e-9).mean()


def surprise_of_each(truth: NDArray[np.bool_]) -> Any:
    """Mean negative log-likelihood of what holds and of what does not, column by column."""
    return lambda logits: -np.log(np.where(truth, sigmoid(logits), sigmoid(-logits)) + 1e-9).sum(axis=1).mean()


def blend(encoder: EncoderModel, unseen: Sequence[Unseen]) -> tuple[dict[str, Weights], list[Unseen]]:
    """The weights of words and encoder, and the conversations as judged by both together."""
    judged = encoder.judge([u.labelled.conversation for u in unseen])
    words = {
        "primary": np.stack([u.wanted for u in unseen]),
        "reasons": logit(np.stack([u.raised for u in unseen]).clip(EDGE, 1 - EDGE)),
        "features": logit(np.stack([u.features for u in unseen]).clip(EDGE, 1 - EDGE)),
    }
    reasons = np.array([[r in u.labelled.reasons for r in REASONS] for u in unseen])
    features = np.array([[f in u.labelled.features for f in FEATURES] for u in unseen])
    primary = np.array([REASONS.index(u.labelled.primary) for u in unseen])
    costs = {
        "primary": surprise_of_one(primary),
        "reasons": surprise_of_each(reasons),
        "features": surprise_of_each(features),
    }
    weights = {name: weigh(words[name], getattr(judged, name), cost) for name, cost in costs.items()}
    mixed = {name: words[name] * a + getattr(judged, name) * b for name, (a, b) in weights.items()}
    return weights, [
        u._replace(
            wanted=mixed["primary"][i], raised=sigmoid(mixed["reasons"][i]), features=sigmoid(mixed["features"][i])
        )
        for i, u in enumerate(unseen)
    ]


def train_full(data: Path, weights: Path, words: Fitted, on_progress: Progress, encoder: str | None = None) -> None:
    """Train the encoder and write the full tagger into ``weights / "full"``, then the cascade's setting beside it.

    ``words`` is what :func:`classify.training.build.train` learnt; ``encoder`` as in
    :func:`classify.training.pretrained.load_pretrained`.
    """
    train_encoder(data, weights / "full", on_progress, encoder)
    on_progress("weighing words and encoder", 0.0)
    weigh_up(weights, words)
    on_progress("done", 1.0)


def weigh_up(weights: Path, words: Fitted) -> None:
    """Settings of the full tagger and of the cascade, from conversations that neither words nor encoder have seen."""
    unseen = held_out(words.unseen)
    counts, together = blend(EncoderModel.from_folder(weights / "full"), unseen)
    write(weights / "full" / "tagger.json", {"version": FULL, "weights": counts, **fit_settings(together)})
    asked = {"ask_below": ASK_BELOW, "ask_of_message_below": ASK_OF_MESSAGE_BELOW}
    write(weights / "cascade.json", {"version": CASCADE, **asked})


def write(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
