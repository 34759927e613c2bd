"""What a token shares with others: runs of characters, and the pair it makes with the token before it.

Every number belongs to one token (its own runs, or its pair), so a text's score is the sum of its tokens' scores and
the words that show a tag can be pointed at.
"""

from __future__ import annotations

import zlib

import numpy as np

from classify.words import Ints, Tokens

SLOT_BITS = 22
CHARACTERS = (3, 4, 5)
CONTINUING = "##"
# Recognisers and hurried writers drop dots and rings; the Nordic languages spell the same vowel with different marks.
FOLD = str.maketrans("åäæàáâöøòóôéèêüùúíìçñ’", "aaaaaaoooooeeeuuuiicn'")


def fold(word: str) -> str:
    """How a word is compared: without marks, numbers by their length alone."""
    return word.translate(FOLD) if word[0] != "0" else word[:5]


def slot(piece: str) -> int:
    """Where a piece of text has its weights: the upper bits of its CRC-32, the same on every machine."""
    return zlib.crc32(piece.encode()) >> (32 - SLOT_BITS)


def pieces(token: str) -> list[str]:
    """The token itself and its runs of characters; ``<`` and ``>`` stand for a word's ends.

    What stands behind the first piece of a word is taken as a word of its own where it is as long as one: Nordic
    languages write compounds together, and "fakturabelopp" is about a "belopp".
    """
    part = token.startswith(CONTINUING)
    word = fold(token.removeprefix(CONTINUING))
    whole = f"{word}>" if part and len(word) < max(CHARACTERS) - 1 else f"<{word}>"
    if not word[0].isalpha():
        return [whole]
    return [whole, *(whole[i : i + n] for n in CHARACTERS if n < len(whole) for i in range(len(whole) - n + 1))]


def slots_of_pairs(tokens: Tokens, folded: Ints) -> tuple[Ints, Ints]:
    """One slot for each token that follows another in its text, and the rows of these following tokens.

    ``folded[token]`` is the same number for tokens that are compared as one.
    """
    second = np.flatnonzero(tokens.text[1:] == tokens.text[:-1]) + 1
    same = folded[tokens.token].astype(np.uint32)
    mixed = (same[second - 1] * np.uint32(0x9E3779B1)) ^ (same[second] * np.uint32(0x85EBCA6B))
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    return (mixed >> np.uint32(32 - SLOT_BITS)).astype(np.int64), second
