"""Words and encoder together: what each makes of a conversation, weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.judging import Judged
from classify.tagger import Model
from models.speech import Contact


class Blend:
    """``weights``: for ``primary``, ``reasons`` and ``features`` what the logits of ``words`` and of ``encoder`` count.

    Words know what was said exactly so before, the encoder what was said in other words; they err apart, so that
    together they are right more often than either. The encoder shows the evidence.
    """

    def __init__(self, words: Model, encoder: Model, weights: Mapping[str, tuple[float, float]]) -> None:
        self.words, self.encoder, self.weights = words, encoder, weights

    def judge(self, conversations: Sequence[Contact]) -> Judged:
        one, other = self.words.judge(conversations), self.encoder.judge(conversations)
        mixed = {
            name: getattr(one, name) * first + getattr(other, name) * second
            for name, (first, second) in self.weights.items()
        }
        return Judged(**mixed, silent=one.silent, evidence=other.evidence)
