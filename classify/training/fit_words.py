"""Choosing the tokens: words that occur again, their spellings without marks, and pieces of which the rest is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from classify.features import CONTINUING, FOLD
from classify.words import UNKNOWN

SEEN_AT_LEAST = 2
LONGEST_PIECE = 6
PIECES = 16_000
LONGEST_WORD = 60
# Compounds end in words that also stand alone.
TAIL_SEEN_AT_LEAST, TAIL_LETTERS = 3, 4


def empty_tokenizer(vocabulary: Iterable[str]) -> Tokenizer:
    """Small letters, every digit a zero: numbers differ by their length alone."""
    numbers = {token: number for number, token in enumerate(dict.fromkeys((UNKNOWN, *vocabulary)))}
    model = models.WordPiece(
        numbers, unk_token=UNKNOWN, continuing_subword_prefix=CONTINUING, max_input_chars_per_word=LONGEST_WORD
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Lowercase(), normalizers.Replace(Regex("[0-9]"), "0")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    tokenizer = empty_tokenizer(())
    return Counter(
        word
        for text in texts
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))
    )


def most_common_pieces(words: Iterable[str]) -> list[str]:
    """All single characters, and the runs of characters that most words share."""
    shared: Counter[str] = Counter()
    for word in words:
        shared.update(
            (CONTINUING if begin else "") + word[begin : begin + size]
            for begin in range(len(word))
            for size in range(1, min(LONGEST_PIECE, len(word) - begin) + 1)
        )
    single = sorted(piece for piece in shared if len(piece.removeprefix(CONTINUING)) == 1)
    ranked = sorted(shared, key=lambda piece: (-shared[piece], piece))
    return list(dict.fromkeys(single + ranked[:PIECES]))


def fit_words(texts: Sequence[str]) -> Tokenizer:
    counts = count_words(texts)
    known = sorted(word for word, seen in counts.items() if seen >= SEEN_AT_LEAST)
    bare = [word.translate(FOLD) for word in known]
    tails = [CONTINUING + word for word in known if counts[word] >= TAIL_SEEN_AT_LEAST and len(word) >= TAIL_LETTERS]
    return empty_tokenizer([*known, *bare, *tails, *most_common_pieces(counts)])
