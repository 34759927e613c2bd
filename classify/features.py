"""Text to numbers: hashed n-grams of words and of characters, each belonging to a place in the text.

Every number belongs to one word (its own n-grams, or the pair it makes with the word before it), so a text's score is
the sum of its words' scores and the words that show a tag can be pointed at.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

SLOT_BITS = 22
CHARACTERS = (3, 4, 5)
LETTERS = r"(?:[^\W\d_]|[\u0300-\u036f])+"
TOKEN = re.compile(rf"\[[A-Z_]+\d*\]|{LETTERS}(?:['’]{LETTERS})*|\d+(?:[.,:]\d+)*|[?!€£$%]")
# Recognisers and hurried writers drop dots and rings; the Nordic languages spell the same vowel with different marks.
FOLD = str.maketrans("åäæàáâöøòóôéèêüùúíìçñ’", "aaaaaaoooooeeeuuuiicn'")


class Words(NamedTuple):
    """The words of several texts, one after the other: ``text`` is each word's text, ``[start, end)`` its characters
    there, ``word`` its place in ``distinct``."""

    text: Ints
    start: Ints
    end: Ints
    word: Ints
    distinct: list[str]


def fold(word: str) -> str:
    """How a word is compared: small letters without marks; numbers by their length; placeholders by their kind."""
    if word[0] == "[":
        return "[" + word.strip("[]0123456789_").lower() + "]"
    if word[0].isdigit():
        return "0" * min(sum(c.isdigit() for c in word), 5)
    return unicodedata.normalize("NFC", word).lower().translate(FOLD)


def split(texts: Sequence[str]) -> Words:
    """Find the words of each text. Offsets count the characters of the text as it came."""
    known: dict[str, int] = {}
    folded: dict[str, int] = {}
    found: list[tuple[int, int, int, int]] = []
    for index, content in enumerate(texts):
        for match in TOKEN.finditer(content):
            raw = match.group()
            number = known.get(raw)
            if number is None:
                number = known[raw] = folded.setdefault(fold(raw), len(folded))
            found.append((index, *match.span(), number))
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Words(columns[0], columns[1], columns[2], columns[3], list(folded))


def slot(piece: str) -> int:
    """Where a piece of text has its weights: the upper bits of its CRC-32, the same on every machine."""
    return zlib.crc32(piece.encode()) >> (32 - SLOT_BITS)


def pieces(word: str) -> list[str]:
    """The word itself and its runs of characters; ``<`` and ``>`` stand for its ends."""
    whole = f"<{word}>"
    if not word[0].isalpha():
        return [whole]
    return [whole, *(whole[i : i + n] for n in CHARACTERS if n < len(whole) for i in range(len(whole) - n + 1))]


@lru_cache(maxsize=50_000)
def slots_of_word(word: str) -> tuple[int, ...]:
    return tuple(map(slot, pieces(word)))


def slots_of_words(distinct: Iterable[str]) -> tuple[Ints, Ints]:
    """The slots of every word's pieces, flat, and how many pieces each word has."""
    lists = [slots_of_word(word) for word in distinct]
    counts = np.array([len(slots) for slots in lists], dtype=np.int64)
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=int(counts.sum())), counts


def slots_of_pairs(words: Words) -> tuple[Ints, Ints]:
    """One slot for each word that follows another in its text, and the positions of these following words."""
    whole = np.array([zlib.crc32(word.encode()) for word in words.distinct], dtype=np.uint32)
    second = np.flatnonzero(words.text[1:] == words.text[:-1]) + 1
    mixed = (whole[words.word[second - 1]] * np.uint32(0x9E3779B1)) ^ (whole[words.word[second]] >> np.uint32(1))
    return (mixed >> np.uint32(32 - SLOT_BITS)).astype(np.int64), second
