"""Text to tokens: whole words where they are known, else the longest known pieces of them.

The tokeniser is a WordPiece one of the ``tokenizers`` library, so that sentence-transformers reads the same file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

UNKNOWN = "[UNK]"
TELLING = re.compile(r"[^\W_]|[?!€£$%]")  # a letter or number, or one of the few signs that say something


def tells(token: str) -> bool:
    """Whether a token bears on what a text means."""
    return token != UNKNOWN and TELLING.search(token) is not None


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


class Words:
    """Whether a token tells is looked at when it is first met: of tens of thousands a message has a few."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.met, self.telling = np.zeros((2, tokenizer.get_vocab_size()), dtype=bool)

    def split(self, texts: Sequence[str]) -> Tokens:
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        sizes = np.fromiter(map(len, encodings), dtype=np.int64, count=len(encodings))
        ids = chain.from_iterable(encoding.ids for encoding in encodings)
        token = np.fromiter(ids, dtype=np.int64, count=int(sizes.sum()))
        text = np.repeat(np.arange(len(sizes)), sizes)
        place = np.arange(len(token)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        kept = self._tell(token)
        counts = np.bincount(text[kept], minlength=len(sizes))
        return Tokens(text[kept], token[kept], place[kept], counts, np.cumsum(counts) - counts, encodings)

    def _tell(self, token: Ints) -> NDArray[np.bool_]:
        new = list(set(token[~self.met[token]].tolist()))  # np.unique would load masked arrays, 20 ms of a cold start
        self.telling[new] = [tells(self.tokenizer.id_to_token(number) or UNKNOWN) for number in new]
        self.met[new] = True  # last, as others may read at the same time
        return self.telling[token]
