"""Names told by where they stand: after a greeting, after words like "my name is", at the end of an agent's opening.

Here names count that are ordinary words as well ("unto täällä"), and words that no list knows ("hi temi").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classify.redaction.names import FIRST_OF_TWO, NAME_WORD, NO_NAMES, NO_SURNAME, end_of_name
from classify.redaction.wordlists import Listed, common_words, given, is_unknown, surname

_FILLER = (
    r"ja|jo|joo|juu|no|na|nå|yes|yeah|oh|ah|eh|öh|øh|mm|ok|okay|jaha|jaså|well|right|så|da|then|igen|again|there|"
    r"på dig|på deg|sann|taas|vaan|og|och|and|you've reached|just"
)
_GREETING = (
    r"hej ?hej|hejsan|hej|hei ?hei|heisann|hei|hallå|hallo|hi|hello|hiya|hey|moikka|moi|moro|terve|tere|morjens|goddag|"
    r"god ?(?:dag|morgon|morgen|kväll|kveld|aften|eftermiddag|ettermiddag|förmiddag)|good (?:morning|afternoon|evening|"
    r"day)|(?:hyvää )?(?:päivää|iltaa|huomenta|päivä)|tjena|tjenare|tja|dear|kära|kjære|kære"
)
_PRESENTED = (
    r"(?:det|de|dette|her|här|dä|this|that|tää|se) (?:är|er|e|æ|is|on)|it's|it is|i'm|i am|oon|"
    r"(?:mä|minä|ma) (?:oon|olen)|olen|tässä(?: on)?|täällä(?: on)?|tääl|tämä on"
)
_NAMED = (
    r"(?:jag|ja|jeg|eg|æ|je) (?:heter|heiter|hedder|heder|hette)|(?:mitt|mit) (?:namn|navn|namnet) (?:är|er|e)|"
    r"namnet (?:är|e)|navnet (?:er|mitt er)|(?:mun|mu|minun|mul) nimi on|nimeni on|nimi on|my (?:name|name's) is|"
    r"my name's|(?:du|ni) (?:talar|pratar) med|du (?:snakker|taler) med|speaking (?:with|to)|through to"
)
_OPENING = re.compile(
    rf"\W*(?:(?:{_FILLER})\W+)*(?P<greeting>(?:{_GREETING})\W+)?(?:(?:{_FILLER})\W+)*(?P<presented>(?:{_PRESENTED})\W+)?",
    re.IGNORECASE,
)
_THEN_PRESENTED = re.compile(rf"\W+(?:(?:{_FILLER})\W+)*(?:{_PRESENTED})\W+", re.IGNORECASE)
_AFTER_NAMED = re.compile(rf"(?<!\w)(?:{_NAMED}) ", re.IGNORECASE)
# What follows a name that somebody gives as his own or calls somebody by.
_FOLLOWS = re.compile(
    r"\W*$|[.!?,]|\s(?:här|her|here|täällä|täälä|tässä|tääl|tää|speaking|calling|hej|hei|moi|från|fra|from|at|på|jag|jeg|eg|"
    r"æ|mä|minä|it's|det|de|is it|i|this|ifrån|over|borte|oppe|out|nede|och|og|and|tack|takk|tak|kiitos|igen)(?!\w)",
    re.IGNORECASE,
)
_HERE = re.compile(r"\s(?:här|her|here|täällä|täälä|tässä|tääl|speaking|puhelimessa)(?!\w)", re.IGNORECASE)
_LAST = re.compile(r"(?:^|\s)([^\W\d_]+(?:[-'’][^\W\d_]+)*)[.!?]?\s*$")
_LONGEST_OPENING = 70  # characters of an agent's opening that ends in his name
_LONGEST_UNKNOWN = 10  # letters; longer ones are rather compounds


def introduced(text: str, language: str | None) -> Iterator[tuple[int, int]]:
    """Spans of the names in a turn that a greeting or a presentation before them tells."""
    opening = _OPENING.match(text)
    if opening is not None:
        greeted = opening["greeting"] is not None or opening["presented"] is not None
        yield from _called(text, opening.end(), language, greeted=greeted)
    for match in _AFTER_NAMED.finditer(text):
        word = NAME_WORD.match(text, match.end())
        if word is not None and _may_be_named(word.group().lower(), language):
            yield word.start(), end_of_name(text, word.start(), word.end(), language)


def _called(text: str, start: int, language: str | None, *, greeted: bool) -> Iterator[tuple[int, int]]:
    """The name at a place, and one more that a presentation after it gives ("hej kaj det är maj")."""
    for _ in range(2):
        word = NAME_WORD.match(text, start)
        if word is None or not _may_be_called(word, text, language, greeted=greeted):
            return
        end = end_of_name(text, word.start(), word.end(), language)
        yield word.start(), end
        further = _THEN_PRESENTED.match(text, end)
        if further is None:
            return
        start, greeted = further.end(), True


def _may_be_called(word: re.Match[str], text: str, language: str | None, *, greeted: bool) -> bool:
    lower = word.group().lower()
    follows = _FOLLOWS.match(text, word.end()) is not None
    if lower in NO_NAMES or lower in NO_SURNAME:
        return False
    if lower in common_words(language):
        return greeted and follows and lower in FIRST_OF_TWO
    listed = given(lower, language)
    if _HERE.match(text, word.end()) and listed:
        return True
    if not greeted:
        return False
    if listed:
        return listed is Listed.SURE or follows
    unknown = 3 <= len(lower) <= _LONGEST_UNKNOWN and is_unknown(lower, language) and not surname(lower, language)
    return unknown and follows


def _may_be_named(word: str, language: str | None) -> bool:
    if word in NO_NAMES:
        return False
    return bool(given(word, language)) or (len(word) >= 3 and is_unknown(word, language))


def signed_on(text: str, language: str | None) -> list[tuple[int, int]]:
    """Span of the name that an agent's opening ends in ("puhelinpalvelu ahti"), an ordinary word as well; else none."""
    match = _LAST.search(text) if len(text) <= _LONGEST_OPENING else None
    if match is None or match.group(1).lower() in common_words(language):
        return []
    return [match.span(1)] if given(match.group(1).lower(), language) else []
