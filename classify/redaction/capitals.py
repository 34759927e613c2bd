"""Names that no list knows, told by their capitals: by an initial beside them, or by standing unknown in a sentence.

The second only in English, where nothing but names is written with a capital within a sentence and words are not
joined to new ones that no list could hold.
"""

from __future__ import annotations

import re

from classify.redaction.names import NO_SURNAME
from classify.redaction.wordlists import Listed, given_names, ordinary_words, plain_words, surname, surnames

_CAPITAL = "A-ZÀ-ÖØ-ÞĀŠŽČŁ"
_NAME = rf"[{_CAPITAL}][^\W\d_]*[^\W\d_A-Z][^\W\d_]*(?:[-'’](?!s(?!\w))[^\W\d_]+)*"
_WITH_INITIAL = re.compile(rf"(?<!\w){_NAME}(?: [{_CAPITAL}]\.){{1,2}} {_NAME}")
_WITH_BARE_INITIAL = re.compile(rf"(?<!\w){_NAME} (?!I )[{_CAPITAL}] {_NAME}")
_AFTER_INITIAL = re.compile(rf"(?<![\w.])(?:[{_CAPITAL}]\. ?){{1,2}}({_NAME})")
_RUN = rf"{_NAME}(?: {_NAME}){{0,3}}"
_IN_SENTENCE = re.compile(rf"(?<=[a-zà-ÿ,;:] )(?<!\bin )(?<!\bnear ){_RUN}")
_PREDICATE = "is|was|has|had|will|said|says|told|asked|wrote|lives|began|called|and [A-Z]"
_OPENING = re.compile(rf"(?:^|(?<=[.!?] )|(?<=\n)|(?<=[\"“])){_RUN}(?=, |: [A-Z\"“]| (?:{_PREDICATE}))")
_LINE = re.compile(rf"(?:^|(?<=\n))(?:[>?]+ ?)?{_NAME}(?: {_NAME}){{1,2}}(?=[ \t]*\n)")
# What ordinary English words end in and few names do.
_ORDINARY_END = re.compile(
    r"(?:[^aáiouú]s|ing|ed|ions?|ity|ties|ary|ish|ment|ness|ful|less|able|ible|ive|ous|ship|ist|ism|ance|ence)$"
)
_FIRM = re.compile(rf" ([{_CAPITAL}][^\W\d_]*)")
_WORD = re.compile(r"[^\W\d_]+")


def names_by_capitals(text: str, language: str | None) -> list[tuple[int, int]]:
    """Spans of words that their capitals make names; none in a text written in capitals or in small letters."""
    found = [match.span() for match in _WITH_INITIAL.finditer(text)]
    found += [m.span() for m in _AFTER_INITIAL.finditer(text) if surname(m.group(1).lower(), language) is Listed.SURE]
    if language != "en":
        return found
    found += [match.span() for match in _WITH_BARE_INITIAL.finditer(text)]
    for pattern in (_IN_SENTENCE, _OPENING, _LINE):
        for match in pattern.finditer(text):
            found += _strangers(match)
    return found


def is_no_name(words: str, text: str) -> bool:
    """Whether English words are none but ordinary ones, or in small letters where the text around has its capitals."""
    lower = [word.lower() for word in _WORD.findall(words)]
    if any(word in given_names() or word in surnames() for word in lower):
        return False
    return all(map(_is_ordinary, lower)) or (words.islower() and text[:1].isupper())


def _strangers(match: re.Match[str]) -> list[tuple[int, int]]:
    """A run of words that English does not know; none where it knows one or the run names a firm ("Northgate Ltd")."""
    words = list(_WORD.finditer(match.group()))
    lower = [word.group().lower() for word in words]
    after = _FIRM.match(match.string, match.end())
    if NO_SURNAME.intersection(lower) or (after is not None and after.group(1).lower() in NO_SURNAME):
        return []
    if any(map(_is_ordinary, lower)) or ordinary_words("en").issuperset(lower):
        return []
    return [(match.start() + words[0].start(), match.start() + words[-1].end())]


def _is_ordinary(word: str) -> bool:
    if word in given_names() or word in surnames():
        return False
    return len(word) < 3 or word in plain_words("en") or _ORDINARY_END.search(word) is not None
