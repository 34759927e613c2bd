"""Text to tokens: whole words where they are known, else the longest known pieces of them.

The tokeniser is a WordPiece one of the ``tokenizers`` library, so that sentence-transformers reads the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

UNKNOWN = "[UNK]"
SPOKEN = frozenset("?!€£$%")  # signs that say something; all others are passed over


def tells(token: str) -> bool:
    """Whether a token bears on what a text means."""
    return token != UNKNOWN and any(sign.isalnum() or sign in SPOKEN for sign in token)


@dataclass(frozen=True)
class Tokens:
    """The telling tokens of several texts, one after the other: whose text, which token, and where it stands there."""

    text: Ints
    token: Ints
    place: Ints  # among all tokens of its text
    counts: Ints  # telling tokens of each text
    starts: Ints  # where each text's tokens begin
    encodings: Sequence[Encoding]

    def of(self, text: int) -> slice:
        return slice(int(self.starts[text]), int(self.starts[text] + self.counts[text]))

    def offsets(self, row: int) -> tuple[int, int]:
        """The characters ``[start, end)`` of a token in its text as it came."""
        start, end = self.encodings[int(self.text[row])].offsets[int(self.place[row])]
        return start, end


class Words:
    """``tokenizer`` and, for each of its tokens, whether it tells."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        vocabulary = tokenizer.get_vocab()
        self.telling = np.zeros(len(vocabulary), dtype=bool)
        self.telling[[number for token, number in vocabulary.items() if tells(token)]] = True

    def split(self, texts: Sequence[str]) -> Tokens:
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ids = [encoding.ids for encoding in encodings]
        sizes = np.fromiter(map(len, ids), dtype=np.int64, count=len(ids))
        token = np.fromiter(chain.from_iterable(ids), dtype=np.int64, count=int(sizes.sum()))
        text = np.repeat(np.arange(len(ids)), sizes)
        place = np.arange(len(token)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        kept = self.telling[token]
        counts = np.bincount(text[kept], minlength=len(ids))
        return Tokens(text[kept], token[kept], place[kept], counts, np.cumsum(counts) - counts, encodings)
