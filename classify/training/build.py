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
from models.taxonomy import Reason
from models.values import Speaker, Tagging, Turn

Progress = Callable[[str, float], None]
FOLDS = 5
VERSION = "fast-2"
# What counts in the heads beside conversations as they came: these without roles, single turns as whole messages,
# and these with up to PADDED_WITH turns of small talk from elsewhere put in.
ROLELESS_WEIGHT, MESSAGE_WEIGHT, PADDED_WEIGHT = 0.3, 0.3, 0.3
PADDED_WITH, MISLEADING = 12, 0.25
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


def small_talk(model: TurnModel, conversations: Sequence[Labelled]) -> list[Turn]:
    """What customers with a reason say that shows nothing; of it, what looks most like another matter."""
    told = [turn for one in conversations if one.primary != Reason.NOT_BILLING for turn in turns_of(one)]
    texts = [turn.text for turn in told if not turn.reasons and not turn.features]
    order = np.argsort(-model.score(texts).turns[:, NOT_BILLING], kind="stable")
    return [Turn(speaker=Speaker.CUSTOMER, text=texts[index]) for index in order[: round(len(texts) * MISLEADING)]]


def pad(turns: Sequence[Turn], talk: Sequence[Turn], seed: int) -> list[Turn]:
    """Put small talk in: at the end, where a call peters out, or here and there; the same again or always other."""
    padded = list(turns)
    if not talk:
        return padded
    draw = np.random.default_rng(seed)
    at_end, repeated = draw.random(2) < 0.5
    picked = draw.integers(len(talk), size=draw.integers(2, PADDED_WITH + 1))
    for index in picked:
        said = talk[picked[0] if repeated else index]
        padded.insert(len(padded) if at_end else draw.integers(1, len(padded) + 1), said)
    return padded


def conversation_examples(model: TurnModel, labelled: Labelled, talk: Sequence[Turn], origin: int) -> list[Example]:
    """A conversation as it came, as it would have come without roles, and with more small talk in it."""
    turns = labelled.conversation.turns
    truth = present(labelled.reasons, labelled.features)
    primary = REASONS.index(labelled.primary)
    roleless = [Turn(speaker=Speaker.UNKNOWN, text=turn.text) for turn in turns]
    versions = ((turns, 1.0), (roleless, ROLELESS_WEIGHT), (pad(turns, talk, origin), PADDED_WEIGHT))
    return [
        Example(
            *describe(model.score([turn.text for turn in version]).turns, customer_turns(version)),
            primary,
            truth,
            weight,
            origin,
        )
        for version, weight in versions
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
    conversations = [corpus.conversations[index] for index in unseen]
    talk = small_talk(model, conversations)
    examples = [
        example
        for index, one in zip(unseen, conversations, strict=True)
        for example in conversation_examples(model, one, talk, int(index))
    ]
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
