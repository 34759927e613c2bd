"""Learning to tell the five languages apart, and how likely a text must be to be in any of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classify.language import LANGUAGE_BITS, language_slots, language_words, weight
from classify.training.fit_turns import Arrays
from models.taxonomy import LANGUAGES

SMOOTHING = 0.05
OWN_TEXTS_REFUSED = 0.001


def fit_language(texts: Sequence[tuple[str, str]]) -> Arrays:
    """``texts``: (language, text). Counts every second text, and sets the floor by the others."""
    counts = np.full((1 << LANGUAGE_BITS, len(LANGUAGES)), SMOOTHING)
    for language, text in texts[::2]:
        np.add.at(counts[:, LANGUAGES.index(language)], language_slots(language_words(text)), 1)
    likelihood = np.log(counts / counts.sum(axis=0)).astype(np.float16).astype(np.float32)
    usual = np.zeros(len(LANGUAGES), dtype=np.float32)
    below = []
    for number, language in enumerate(LANGUAGES):
        words = [found for own, text in texts[1::2] if own == language and len(found := language_words(text)) > 3]
        if not words:  # nothing to learn from: no text will be called this language
            continue
        means = np.array([likelihood[language_slots(found), number].mean() for found in words])
        usual[number] = means.mean()
        below.append((usual[number] - means) * np.array([weight(found) for found in words]))
    return {
        "language.likelihood": likelihood.astype(np.float16),
        "language.usual": usual,
        "language.reach": np.float32(np.quantile(np.concatenate(below), 1 - OWN_TEXTS_REFUSED)),
    }
