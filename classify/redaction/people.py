"""Who is who within one conversation: "Bertil" and "Bertil Lundmark" are one person."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")


class People:
    """The persons named in one conversation, numbered in order of appearance."""

    def __init__(self) -> None:
        self._numbers: list[set[str]] = []

    def meet(self, name: str) -> None:
        """Take note of a name; a fuller form of a known one adds to it."""
        words = _words(name)
        known = self._find(words)
        if known is None:
            self._numbers.append(set(words))
        else:
            self._numbers[known] |= words

    def number(self, name: str) -> int:
        """The person's number, from 1."""
        self.meet(name)
        known = self._find(_words(name))
        return (known or 0) + 1

    def _find(self, words: set[str]) -> int | None:
        if not words:
            return 0 if self._numbers else None
        for index, known in enumerate(self._numbers):
            if words <= known or known <= words:
                return index
        return None


def _words(name: str) -> set[str]:
    return {word.lower().removesuffix("s") for word in _WORD.findall(name) if len(word) > 1}
