"""The word lists of redaction: given names and surnames, which of them are ordinary words, and words that are no names.

What is ordinary depends on the language: "toivo" is a word in Finnish and somebody's name anywhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path

_LEXICON = Path(__file__).parent / "lexicon"
_NORWEGIAN = {"no": "nb", "nn": "nb"}
_FINNISH_CASES = ("lle", "lla", "llä", "lta", "ltä", "sta", "stä", "ssa", "ssä", "an", "en", "in", "n", "a", "ä")
_SHORTEST = 3


class Listed(IntEnum):
    """Whether a word is a listed name."""

    NO = 0
    ORDINARY = 1  # it is, and an ordinary word of the language too
    SURE = 2


@cache
def _sections(file: str) -> dict[str, frozenset[str]]:
    """Words by the heading above them ("[sv]"; "" where there is none)."""
    words: dict[str, set[str]] = defaultdict(set)
    heading = ""
    for line in (_LEXICON / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            words[heading].update(line.split())
    return {heading: frozenset(listed) for heading, listed in words.items()}


@cache
def _of_language(file: str, language: str | None) -> frozenset[str]:
    """Words under the heading of a language; those of all languages where it is not known."""
    sections = _sections(file)
    return sections.get(_NORWEGIAN.get(language or "", language or "")) or frozenset().union(*sections.values())


def given_names() -> frozenset[str]:
    """Listed given names, lower case."""
    return _of_language("given_names.txt", None)


def surnames() -> frozenset[str]:
    """Listed surnames, lower case."""
    return _of_language("surnames.txt", None)


def names_from_near() -> frozenset[str]:
    """Listed names of the Nordic countries and the British Isles, and the commonest of those that came there."""
    return _of_language("given_names.txt", "near") | _of_language("surnames.txt", "near")


def ordinary_words(language: str | None = None) -> frozenset[str]:
    """Listed names that are ordinary words of a language (``None``: of any) as well, lower case."""
    return _of_language("ordinary_words.txt", language)


def common_words(language: str | None = None) -> frozenset[str]:
    """Those of them that are so common that not even a greeting before them makes them names, lower case."""
    return _of_language("common_words.txt", language)


def plain_words(language: str | None = None) -> frozenset[str]:
    """Words of customer service in a language that are no names, lower case."""
    return _of_language("plain_words.txt", language)


def is_unknown(word: str, language: str | None) -> bool:
    """Whether a lower-case word is on no list, neither of names nor of words."""
    return word not in plain_words(language) and word not in ordinary_words(language)


@lru_cache(maxsize=50_000)
def given(word: str, language: str | None) -> Listed:
    """Whether a lower-case word is a given name, also two joined by a hyphen or in a case of Finnish."""
    return _listed(word, given_names(), language) if len(word) >= _SHORTEST else Listed.NO


@lru_cache(maxsize=50_000)
def surname(word: str, language: str | None) -> Listed:
    """Whether a lower-case word is a surname, also two joined by a hyphen or in a case of Finnish."""
    return _listed(word, surnames(), language)


def _listed(word: str, names: frozenset[str], language: str | None) -> Listed:
    ordinary = ordinary_words(language)
    if word in names:
        return Listed.ORDINARY if word in ordinary else Listed.SURE
    if word in plain_words(language):
        return Listed.NO
    if "-" in word:
        parts = word.split("-")
        sure = all(part in names for part in parts) or any(part in names and part not in ordinary for part in parts)
        return Listed.SURE if sure and min(map(len, parts)) >= _SHORTEST else Listed.NO
    sure = any(base in names and base not in ordinary for base in _bases(word, language))
    return Listed.SURE if sure else Listed.NO


def _bases(word: str, language: str | None) -> Iterator[str]:
    """What a name in the genitive or in a case of Finnish may be in the nominative."""
    if language != "fi":
        if word.endswith("s") and len(word) > _SHORTEST + 1:
            yield word[:-1]
        if language is not None:
            return
    for case in _FINNISH_CASES:
        if word.endswith(case) and len(word) >= len(case) + _SHORTEST:
            yield from _nominatives(word[: -len(case)])


def _nominatives(stem: str) -> Iterator[str]:
    """Nominatives with a stem: "kyllöse" of Kyllönen, "eelikse" of Eelis, "oliveri" of Oliver, "peka" of Pekka."""
    yield stem
    if stem.endswith("se"):
        yield f"{stem[:-2]}nen"
    if stem.endswith("kse"):
        yield f"{stem[:-3]}s"
    if stem.endswith(("i", "e")):
        yield stem[:-1]
        yield f"{stem[:-1]}i"
    if len(stem) > _SHORTEST and stem[-2] in "kpt":
        yield f"{stem[:-1]}{stem[-2]}{stem[-1]}"
    if stem.endswith("de"):
        yield f"{stem[:-2]}ti"
