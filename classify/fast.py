"""The fast model: static embeddings of words and a small network over the turns. NumPy and tokenizers alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from classify.conversations import SHARPNESS, Head, customers, describe, sigmoid
from classify.evidence import evidence_of, heaviest_words
from classify.judging import Judged
from classify.language import LanguageModel
from classify.tagger import ModelTagger, read_settings
from classify.turns import FEATURES, NO_REASON, TurnModel, TurnScores
from classify.whole import WholeModel
from classify.words import Ints
from models.errors import BadSetting
from models.speech import Contact
from models.tags import Evidence

EMBEDDING = "0_StaticEmbedding"  # as sentence-transformers lays a model out
SIDE_BY_SIDE = 4000  # turns laid out together, so that memory stays flat


class FastModel:
    """What is read off a conversation's turns, each by itself, and off all its words, judged together."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], tokenizer: Tokenizer) -> None:
        self.turns, self.whole = TurnModel(arrays, tokenizer), WholeModel(arrays)
        self.reasons = Head(arrays, "reasons", slice(0, NO_REASON))
        self.features = Head(arrays, "features", slice(NO_REASON, None))

    def judge(self, conversations: Sequence[Contact]) -> Judged:
        """Judge each conversation by itself; the cost grows with the number of words."""
        scores = self.turns.score([turn.text for conversation in conversations for turn in conversation.turns])
        own, counts = customers([conversation.turns for conversation in conversations])
        starts = np.cumsum(counts) - counts
        whole = self.whole.score(scores, own, counts)
        primary, reasons = np.empty((2, len(counts), NO_REASON), dtype=np.float32)
        features = np.empty((len(counts), len(FEATURES)), dtype=np.float32)
        for group in of_like_length(counts):
            rows = np.concatenate([np.arange(starts[i], starts[i] + counts[i]) for i in group])
            described = describe(scores.turns[rows], own[rows], counts[group], whole[group])
            primary[group], reasons[group] = self.reasons(described)
            (features[group],) = self.features(described)
        telling = own & (scores.tokens.counts > 0)
        silent = np.bincount(np.repeat(np.arange(len(counts)), counts), telling, len(counts)) == 0
        return Judged(primary, reasons, features, silent, Shown(scores, starts, counts, telling))


def load_fast(folder: Path) -> ModelTagger:
    """The fast tagger that :func:`classify.training.train` stored; raises :class:`BadSetting` if there is none."""
    settings = read_settings(folder)
    try:
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        embedding = load_file(folder / EMBEDDING / "model.safetensors")["embedding.weight"]
        tokenizer = Tokenizer.from_file(str(folder / EMBEDDING / "tokenizer.json"))
        model = FastModel({**arrays, "embedding": embedding}, tokenizer)
        return ModelTagger(model, LanguageModel(arrays), settings)
    except Exception as error:  # tokenizers raises bare Exceptions
        raise BadSetting(
            "weights", f"{folder} is no stored tagger", "Name a folder that `tydlig train` wrote."
        ) from error


class Shown:
    """Finds the evidence for a column in one of the conversations that ``scores`` were read from."""

    def __init__(self, scores: TurnScores, starts: Ints, counts: Ints, telling: NDArray[np.bool_]) -> None:
        self.scores, self.starts, self.ends = scores, starts.tolist(), (starts + counts).tolist()
        self.telling = telling
        self.strength = sigmoid(SHARPNESS * scores.turns)

    def __call__(self, conversation: int, column: int) -> tuple[Evidence, ...]:
        start, end = self.starts[conversation], self.ends[conversation]
        turns = self.telling[start:end].nonzero()[0]
        strength = self.strength[turns + start, column].tolist()
        places = turns.tolist()
        return evidence_of(
            places, strength, column, lambda place: heaviest_words(self.scores, start + places[place], column)
        )


def of_like_length(counts: Ints) -> Iterator[NDArray[np.int64]]:
    """Places of conversations with about as many turns, in groups that laid out side by side stay small."""
    order = np.argsort(counts, kind="stable")
    begin = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - begin) * counts[order[end]] > SIDE_BY_SIDE:
            yield order[begin:end]
            begin = end
