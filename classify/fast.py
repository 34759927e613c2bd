"""The fast model: static embeddings of words and a small network over the turns. NumPy and tokenizers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from classify.conversations import SHARPNESS, Head, customers, describe, of_like_length, sigmoid
from classify.evidence import evidence_of, heaviest_words, shown_first
from classify.judging import Judged
from classify.language import LanguageModel
from classify.tagger import NOT_BILLING, ModelTagger, read_settings
from classify.turns import FEATURES, NO_REASON, TurnModel, TurnScores
from classify.whole import WholeModel
from classify.words import Ints
from models.errors import BadSetting
from models.speech import Contact
from models.tags import Evidence

EMBEDDING = "0_StaticEmbedding"  # as sentence-transformers lays a model out
# NumPy and the tokeniser let other threads run: while one batch is split into words another is judged. The encoder of
# the full tagger keeps all cores busy by itself.
AT_ONCE = 2


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
        return ModelTagger(model, LanguageModel(arrays), settings, at_once=AT_ONCE)
    except Exception as error:  # tokenizers raises bare Exceptions
        raise BadSetting(
            "weights", f"{folder} is no stored tagger", "Name a folder that `tydlig train` wrote."
        ) from error


class Shown:
    """Finds the evidence for columns in the conversations that ``scores`` were read from. ``starts`` and ``counts`` say
    where the turns of each stand, ``telling`` which of them are the customer's and say something."""

    def __init__(self, scores: TurnScores, starts: Ints, counts: Ints, telling: NDArray[np.bool_]) -> None:
        self.scores, self.starts, self.counts, self.telling = scores, starts, counts, telling

    def __call__(self, asked: Sequence[tuple[int, int]]) -> list[tuple[Evidence, ...]]:
        conversations, columns = np.array(asked, dtype=np.int64).reshape(-1, 2).T
        of = np.repeat(np.arange(len(asked)), self.counts[conversations])
        place = np.arange(len(of)) - np.searchsorted(of, of)
        row, column = self.starts[conversations][of] + place, columns[of]
        shows = self.telling[row] & (column != NOT_BILLING)
        of, place, row, column = of[shows], place[shows], row[shows], column[shows]
        strength = sigmoid(SHARPNESS * self.scores.turns[row, column])
        best = shown_first(strength, of)
        words = heaviest_words(self.scores, row[best], column[best])
        found: list[list[Evidence]] = [[] for _ in asked]
        chosen = (each[best].tolist() for each in (of, place, strength, column))
        for to, turn, strong, about, span in zip(*chosen, words, strict=True):
            found[to].append(evidence_of(turn, span, strong, about))
        return list(map(tuple, found))
