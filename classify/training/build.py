"""Building the tagger: turns first, then the heads on turn scores that were given without having seen the turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from classify.conversations import Described, Head, customers, describe, sigmoid
from classify.fast import EMBEDDING, FastModel
from classify.language import LanguageModel
from classify.tagger import NOT_BILLING, ModelTagger
from classify.training.calibrate import Unseen, fit_settings
from classify.training.corpus import CONVERSATIONS, Labelled, Utterance, read_conversations, read_utterances
from classify.training.fit_head import Judgeable, fit_head
from classify.training.fit_language import fit_language
from classify.training.fit_turns import Arrays, Design, fit_turns, targets, turns_of
from classify.training.fit_whole import Wholes, fit_whole
from classify.training.fit_words import fit_words
from classify.turns import FEATURES, NO_REASON, REASONS, TurnModel
from classify.whole import WholeModel
from classify.words import Floats
from models.speech import Said, Speaker
from models.taxonomy import Reason
from models.values import Turn

Progress = Callable[[str, float], None]
FOLDS = 5
VERSION = "fast-7"
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
    """What turns and whole conversations taught, and what it has not seen, as it describes it."""

    arrays: Arrays
    conversations: NDArray[np.int64]
    examples: list[Example]


class Corpus:
    """Everything learnt from, with each turn's row in one design."""

    def __init__(self, data: Path) -> None:
        self.conversations = [one for folder in CONVERSATIONS for one in read_conversations(data / folder)]
        self.utterances = read_utterances(data / "utterances")
        turns = [turns_of(labelled) for labelled in self.conversations]
        said = self.utterances + [turn for own in turns for turn in own]
        self.origin = np.repeat([-1, *range(len(turns))], [len(self.utterances), *map(len, turns)])
        self.shown = targets(said)
        texts = [turn.text for turn in said]
        self.tokenizer = fit_words(texts)
        self.design = Design(texts, self.tokenizer)
        self.wholes = Wholes(self.design, self.conversations, self.utterances)
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

    def seen_whole(self, fold: int) -> NDArray[np.bool_]:
        """Which rows the model of whole conversations of a fold may learn from."""
        origin = self.wholes.origin
        messages = origin < 0
        folds = np.empty(len(origin), dtype=np.int64)
        folds[messages], folds[~messages] = self.message_fold[-1 - origin[messages]], self.fold[origin[~messages]]
        seen: NDArray[np.bool_] = folds != fold
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


class Describer:
    """Conversations as the heads will see them."""

    def __init__(self, arrays: Arrays, tokenizer: Tokenizer) -> None:
        self.turns, self.whole = TurnModel(arrays, tokenizer), WholeModel(arrays)

    def __call__(self, conversations: Sequence[Sequence[Said]]) -> Described:
        scores = self.turns.score([turn.text for turns in conversations for turn in turns])
        own, counts = customers(conversations)
        return describe(scores.turns, own, counts, self.whole.score(scores, own, counts))


def conversation_examples(model: Describer, labelled: Labelled, talk: Sequence[Turn], origin: int) -> list[Example]:
    """A conversation as it came, as it would have come without roles, and with more small talk in it."""
    turns = labelled.conversation.turns
    truth = present(labelled.reasons, labelled.features)
    primary = REASONS.index(labelled.primary)
    roleless = [Turn(speaker=Speaker.UNKNOWN, text=turn.text) for turn in turns]
    versions = ((turns, 1.0), (roleless, ROLELESS_WEIGHT), (pad(turns, talk, origin), PADDED_WEIGHT))
    return [
        Example(found.tags[0], found.certain[0], primary, truth, weight, origin)
        for version, weight in versions
        for found in [model([version])]
    ]


def message_examples(model: Describer, said: Sequence[Utterance]) -> list[Example]:
    """Single turns with one reason, each as a conversation of its own."""
    clear = [utterance for utterance in said if len(utterance.reasons) == 1]
    found = model([[Turn(speaker=Speaker.CUSTOMER, text=utterance.text)] for utterance in clear])
    return [
        Example(
            tags,
            certain,
            REASONS.index(next(iter(utterance.reasons))),
            present(utterance.reasons, utterance.features),
            MESSAGE_WEIGHT,
            -1,
        )
        for tags, certain, utterance in zip(*found, clear, strict=True)
    ]


def fit_fold(corpus: Corpus, fold: int) -> Fold:
    arrays = {
        **fit_turns(corpus.design, corpus.shown, corpus.seen(fold)),
        **fit_whole(corpus.wholes, corpus.seen_whole(fold)),
    }
    model = Describer(arrays, corpus.tokenizer)
    unseen = np.flatnonzero(corpus.fold == fold)
    conversations = [corpus.conversations[index] for index in unseen]
    talk = small_talk(model.turns, conversations)
    examples = [
        example
        for index, one in zip(unseen, conversations, strict=True)
        for example in conversation_examples(model, one, talk, int(index))
    ]
    messages = [corpus.utterances[index] for index in np.flatnonzero(corpus.message_fold == fold)]
    return Fold(arrays, unseen, examples + message_examples(model, messages))


def stack(examples: Sequence[Example], tags: slice, with_primary: bool) -> Judgeable:
    return Judgeable(
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
    unseen: list[Unseen]
    settings: dict[str, Any]

    @property
    def examples(self) -> list[Example]:
        return [example for fold in self.folds for example in fold.examples]


def fit_folds(data: Path, on_progress: Progress) -> Fitted:
    """Fit five taggers, each without a fifth of the conversations; ``on_progress`` gets a stage and its share done."""
    corpus = Corpus(data)
    folds, heads = [], []
    judged: dict[int, Unseen] = {}
    for fold in range(FOLDS):
        on_progress("scoring unseen turns", fold / FOLDS)
        folds.append(fit_fold(corpus, fold))
    for fold in range(FOLDS):
        on_progress("judging unseen conversations", fold / FOLDS)
        others = [e for number, f in enumerate(folds) if number != fold for e in f.examples]
        heads.append(fit_heads(others))
        judged |= {e.origin: judge(heads[-1], e, corpus) for e in folds[fold].examples if e.weight == 1.0}
    unseen = [judged[place] for place in sorted(judged)]
    return Fitted(corpus, folds, heads, unseen, {"version": VERSION, **fit_settings(unseen)})


def judge(heads: Arrays, example: Example, corpus: Corpus) -> Unseen:
    described = Described(example.tags[None], example.certain[None])
    wanted, raised = Head(heads, "reasons", slice(0, NO_REASON))(described)[:, 0]
    (features,) = Head(heads, "features", slice(NO_REASON, None))(described)[:, 0]
    labelled = corpus.conversations[example.origin]
    return Unseen(labelled, wanted, sigmoid(raised), sigmoid(features))


def unseen_by(fitted: Fitted) -> Iterator[tuple[ModelTagger, list[int]]]:
    """The five partial taggers, each with the places of the conversations that it has not seen."""
    languages = LanguageModel(fit_language(fitted.corpus.languages))
    for fold, heads in zip(fitted.folds, fitted.heads, strict=True):
        model = FastModel({**fold.arrays, **heads}, fitted.corpus.tokenizer)
        yield ModelTagger(model, languages, fitted.settings), fold.conversations.tolist()


def train(data: Path, weights: Path, on_progress: Progress) -> Fitted:
    """Learn from ``train``, ``hinted`` and ``utterances`` in ``data``; write the fast tagger into ``weights / "fast"``.

    Seeded: the same data gives the same weights. Raises :class:`models.errors.BadInput` or ``BadSetting`` for data that
    cannot be read.
    """
    fitted = fit_folds(data, on_progress)
    on_progress("learning from all turns", 0.0)
    corpus = fitted.corpus
    turns = fit_turns(corpus.design, corpus.shown, np.ones(len(corpus.shown), dtype=bool))
    on_progress("learning from all conversations", 0.0)
    whole = fit_whole(corpus.wholes, np.ones(len(corpus.wholes.origin), dtype=bool))
    heads = {**fit_heads(fitted.examples), **fit_language(corpus.languages)}
    store(weights / "fast", {**turns, **whole, **heads}, corpus.tokenizer, fitted.settings)
    on_progress("done", 1.0)
    return fitted


def store(folder: Path, arrays: Arrays, tokenizer: Tokenizer, settings: dict[str, Any]) -> None:
    """The embedding as sentence-transformers lays a static one out, the rest beside it."""
    (folder / EMBEDDING).mkdir(parents=True, exist_ok=True)
    module = {"idx": 0, "name": "0", "path": EMBEDDING, "type": "sentence_transformers.models.StaticEmbedding"}
    save_file({"embedding.weight": arrays["embedding"]}, folder / EMBEDDING / "model.safetensors")
    (folder / EMBEDDING / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    (folder / "modules.json").write_text(json.dumps([module], indent=1) + "\n", encoding="utf-8")
    others = {name: array for name, array in arrays.items() if name != "embedding"}
    np.savez_compressed(folder / "heads.npz", **others)  # type: ignore[arg-type]  # NumPy types all keywords as one of its own
    (folder / "tagger.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
