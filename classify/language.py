"""Which of the five languages a text is in: naive Bayes over words and runs of characters."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import LANGUAGES

UNDETERMINED = "und"  # ISO 639-2 for a language that is not known
LANGUAGE_BITS = 17
READ_AT_MOST = 4000
SHARPNESS = 8.0  # neighbouring runs of characters are far from independent, so they count less than naive Bayes says
WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
PLACEHOLDER = re.compile(r"\[[A-Z_]+\d*\]")


def language_words(text: str) -> list[str]:
    """The words that tell the language: no numbers, no placeholders, marks kept (they tell most)."""
    plain = PLACEHOLDER.sub(" ", unicodedata.normalize("NFC", text[:READ_AT_MOST]))
    return WORD.findall(plain.lower())


@lru_cache(maxsize=50_000)
def word_slots(word: str) -> tuple[int, ...]:
    """Slots of a word and of its runs of one to four characters."""
    ended = f"<{word}>"
    runs = [ended[i : i + n] for n in (1, 2, 3, 4) for i in range(len(ended) - n + 1)]
    return tuple(zlib.crc32(piece.encode()) >> (32 - LANGUAGE_BITS) for piece in (f"={word}", *runs))


def language_slots(words: list[str]) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(map(word_slots, words)), dtype=np.int64)


def weight(words: list[str]) -> float:
    """How far a text's mean can be relied on: the root of its words, up to where habits outweigh chance."""
    return float(min(len(words), 25) ** 0.5)


class LanguageModel:
    """``likelihood``: (slots, languages) log-probabilities. ``usual``: (languages,) its mean over texts in each; a text
    further below than ``reach`` divided by :func:`weight` of its words is in none of them."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.likelihood = arrays["language.likelihood"].astype(np.float32)
        self.usual = arrays["language.usual"].astype(np.float32)
        self.reach = float(arrays["language.reach"].astype(np.float32))

    def detect(self, text: str) -> tuple[str, float]:
        """The language and how sure that is; ``("und", …)`` for too few letters or a language not among the five."""
        words = language_words(text)
        if sum(map(len, words)) < 3:
            return UNDETERMINED, 0.0
        mean = self.likelihood[language_slots(words)].mean(axis=0)
        shares = np.exp((mean - mean.max()) * SHARPNESS * weight(words))
        best = int(mean.argmax())
        sure = round(float(1 / shares.sum()), 4)
        if (self.usual[best] - mean[best]) * weight(words) > self.reach:
            return UNDETERMINED, sure
        return LANGUAGES[best], sure
