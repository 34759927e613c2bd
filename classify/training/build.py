"""Building the tagger: turns first, then the heads on turn scores that were given without having seen the turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.conversations import Head, customer_turns, describe, sigmoid
from classify.features import Floats
from classify.tagger import NOT_BILLING, Tagger
from classify.training.calibrate import Judged, fit_settings
from classify.training.corpus import Labelled, Utterance, read_conversations, read_utterances
from classify.training.fit_head import Described, fit_head
from classify.training.fit_language import fit_language
from classify.training.fit_turns import Arrays, Design, fit_turns, targets, turns_of
from classify.turns import FEATURES, NO_REASON, REASONS, TurnModel
from models.values import Speaker, Tagging, Turn

Progress = Callable[[str, float], None]
FOLDS = 5
VERSION = "fast-1"
# What counts in the heads beside conversations as they came: these without roles, and single turns as whole messages.
ROLELESS_WEIGHT, MESSAGE_WEIGHT = 0.3, 0.3
MESSAGES_HELD_OUT = 0.02


@dataclass(frozen=True)
class Example:
    """One described conversation, its labels, and which conversation it comes from (−1: a single message)."""

    tags: Floats
    certain: Floats
    primary: int
    present: Floats
    weight: float
    origin: int


@dataclass(frozen=True)
class Fold:
    """A turn model, and the conversations and messages that it has not seen, as it describes them."""

    arrays: Arrays
    conversations: NDArray[np.int64]
    examples: list[Example]


class Corpus:
    """Everything learnt from, with each turn's row in one design."""

    def __init__(self, data: Path) -> None:
        self.conversations = read_conversations(data / "train")
        self.utterances = read_utterances(data / "utterances")
        turns = [turns_of(labelled) for labelled in self.conversations]
        said = self.utterances + [turn for own in turns for turn in own]
        self.origin = np.repeat([-1, *range(len(turns))], [len(self.utterances), *map(len, turns)])
        self.shown = targets(said)
        self.design = Design([turn.text for turn in said])
        draw = np.random.default_rng(1)
        self.fold = draw.permutation(len(self.conversations)) % FOLDS
        self.message_fold = np.floor(draw.random(len(self.utterances)) / MESSAGES_HELD_OUT).astype(np.int64)
        self.languages = [(u.language, u.text) for u in said]

    def seen(self, fold: int) -> NDArray[np.bool_]:
        """Which turns the turn model of a fold may learn from."""
        seen: NDArray[np.bool_] = self.origin < 0
        seen[seen] = self.message_fold != fold
        seen |= (self.origin >= 0) & (self.fold[self.origin] != fold)
        return seen


def present(reasons: frozenset[Any], features: frozenset[Any]) -> Floats:
    return np.array([tag in reasons for tag in REASONS] + [tag in features for tag in FEATURES], dtype=np.float32)


def conversation_examples(model: TurnModel, labelled: Labelled, origin: int) -> list[Example]:
    """A conversation as it came, and as it would have come without roles."""
    turns = labelled.conversation.turns
    scores = model.score([turn.text for turn in turns]).turns
    truth = present(labelled.reasons, labelled.features)
    primary = REASONS.index(labelled.primary)
    unknown = customer_turns([Turn(speaker=Speaker.UNKNOWN, text="")] * len(turns))
    return [
        Example(*describe(scores, own), primary, truth, weight, origin)
        for own, weight in ((customer_turns(turns), 1.0), (unknown, ROLELESS_WEIGHT))
    ]


def message_examples(model: TurnModel, said: Sequence[Utterance]) -> list[Example]:
    """Single turns with one reason, each as a conversation of its own."""
    clear = [utterance for utterance in said if len(utterance.reasons) == 1]
    scores = model.score([utterance.text for utterance in clear]).turns
    own = np.ones(1, dtype=bool)
    return [
        Example(
            *describe(score[None], own),
            REASONS.index(next(iter(utterance.reasons))),
            present(utterance.reasons, utterance.features),
            MESSAGE_WEIGHT,
            -1,
        )
        for score, utterance in zip(scores, clear, strict=True)
    ]


def fit_fold(corpus: Corpus, fold: int) -> Fold:
    arrays = fit_turns(corpus.design, corpus.shown, corpus.seen(fold))
    model = TurnModel(arrays)
    unseen = np.flatnonzero(corpus.fold == fold)
    examples = [e for index in unseen for e in conversation_examples(model, corpus.conversations[index], int(index))]
    messages = [corpus.utterances[index] for index in np.flatnonzero(corpus.message_fold == fold)]
    return Fold(arrays, unseen, examples + message_examples(model, messages))


def stack(examples: Sequence[Example], tags: slice, with_primary: bool) -> Described:
    return Described(
        np.stack([example.tags[tags] for example in examples]),
        np.stack([example.certain for example in examples]),
        np.array([example.primary for example in examples]) if with_primary else None,
        np.stack([example.present[tags] for example in examples]),
        np.array([example.weight for example in examples], dtype=np.float32),
    )


def fit_heads(examples: Sequence[Example]) -> Arrays:
    reasons, features = slice(0, NO_REASON), slice(NO_REASON, None)
    billing = [example for example in examples if example.primary != NOT_BILLING]
    return {
        **fit_head(stack(examples, reasons, with_primary=True), "reasons"),
        **fit_head(stack(billing, features, with_primary=False), "features"),
    }


@dataclass(frozen=True)
class Fitted:
    """The five partial taggers, each with the conversations it has not seen, and what they taught."""

    corpus: Corpus
    folds: list[Fold]
    heads: list[Arrays]
    settings: dict[str, Any]

    @property
    def examples(self) -> list[Example]:
        return [example for fold in self.folds for example in fold.examples]


def fit_folds(data: Path, on_progress: Progress) -> Fitted:
    """Fit five taggers, each without a fifth of the conversations; ``on_progress`` gets a stage and its share done."""
    corpus = Corpus(data)
    folds, heads, judged = [], [], []
    for fold in range(FOLDS):
        on_progress("scoring unseen turns", fold / FOLDS)
        folds.append(fit_fold(corpus, fold))
    for fold in range(FOLDS):
        on_progress("judging unseen conversations", fold / FOLDS)
        others = [e for number, f in enumerate(folds) if number != fold for e in f.examples]
        heads.append(fit_heads(others))
        judged += [judge(heads[-1], e, corpus) for e in folds[fold].examples if e.weight == 1.0]
    return Fitted(corpus, folds, heads, {"version": VERSION, **fit_settings(judged)})


def judge(heads: Arrays, example: Example, corpus: Corpus) -> Judged:
    wanted, raised = Head(heads, "reasons", slice(0, NO_REASON))(example.tags, example.certain)
    (features,) = Head(heads, "features", slice(NO_REASON, None))(example.tags, example.certain)
    labelled = corpus.conversations[example.origin]
    return Judged(labelled, wanted, sigmoid(raised), sigmoid(features))


def cross_validate(data: Path, on_progress: Progress) -> list[tuple[Labelled, Tagging]]:
    """Every conversation of ``data/train`` with the tags given by a tagger that has not seen it."""
    fitted = fit_folds(data, on_progress)
    language = fit_language(fitted.corpus.languages)
    tagged: list[tuple[Labelled, Tagging]] = []
    for fold, heads in zip(fitted.folds, fitted.heads, strict=True):
        unseen = [fitted.corpus.conversations[index] for index in fold.conversations]
        tagger = Tagger({**fold.arrays, **heads, **language}, fitted.settings)
        tagged += zip(unseen, tagger.tag([labelled.conversation for labelled in unseen]), strict=True)
    return tagged


def train(data: Path, weights: Path, on_progress: Progress) -> None:
    """Learn from ``data/train`` and ``data/utterances`` and write ``tagger.npz`` and ``tagger.json`` into ``weights``.

    Seeded: the same data gives the same weights. Raises :class:`models.errors.BadInput` or ``BadSetting`` for data that
    cannot be read.
    """
    fitted = fit_folds(data, on_progress)
    on_progress("learning from all turns", 0.0)
    corpus = fitted.corpus
    turns = fit_turns(corpus.design, corpus.shown, np.ones(len(corpus.shown), dtype=bool))
    on_progress("learning from all conversations", 0.0)
    arrays = {**turns, **fit_heads(fitted.examples), **fit_language(corpus.languages)}
    weights.mkdir(parents=True, exist_ok=True)
    np.savez(weights / "tagger.npz", **arrays)  # type: ignore[arg-type]
    (weights / "tagger.json").write_text(json.dumps(fitted.settings, indent=1) + "\n", encoding="utf-8")
    on_progress("done", 1.0)
