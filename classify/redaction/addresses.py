"""Addresses said aloud: a street with its number in words, and what stands after words like "my address is"."""

from __future__ import annotations

import re

from classify.redaction.spoken import digits_of

_STREET = re.compile(
    r"(?<!\w)[^\W\d_]{3,30}(?:vägen|väg|gatan|gata|gränd|stigen|vej|vejen|gade|gaden|allé|vænget|veien|vegen|vei|veg|"
    r"gate|gaten|svingen|kuja|katu|polku|tie)(?= )"
)
_CUE = re.compile(
    r"(?<!\w)(?:adress(?:en)?(?: min| mi)? (?:är|er|e)|bor (?:på|i)|bur i|osoite(?:eni)? on|address is|live at|"
    r"living at) "
)
_PLACE_WORD = re.compile(r" ?[^\W\d_]+(?= )")
_MOST_WORDS = 3  # of a place before its number
_HOUSE = re.compile(r" ([^\W_]{1,30})(?![^\W_])(?::[^\W\d_]{1,4}(?!\w))?")  # "5:ssä" too
_LETTER = re.compile(r" (?:[b-h](?!\w)|a(?=$|[.,]| i ))")  # "a" is a pronoun too in dialects
_UNIT = re.compile(
    r" (?:år|mån|dag|dygn|veck|uke|uge|tim|kr|spänn|euro|pund|pound|vuot|kuuk|päiv|viik|year|month|week|day|minut|"
    r"kvadrat|rum|rom|vær|person|kilometer|mil\b|gång|gang|barn|hus|neliö|stycken|stk|st\b)"
)


def said_addresses(text: str, language: str | None) -> list[tuple[int, int]]:
    """Spans of streets with a house number in words, and of places with a number after a word for "address"."""
    streets = [(street.start(), street.end(), 0) for street in _STREET.finditer(text)]
    places = [(cue.end(), cue.end(), _MOST_WORDS) for cue in _CUE.finditer(text)]
    found = ((start, _end_of_address(text, end, words, language)) for start, end, words in (*streets, *places))
    return [(start, end) for start, end in found if end > start and _UNIT.match(text, end) is None]


def _end_of_address(text: str, end: int, words: int, language: str | None) -> int:
    """Where the house number ends that follows, after so many words at most; -1 where none does."""
    for left in range(words, -1, -1):
        house = end_of_house_number(text, end, language) if left < words or not words else end
        if house > end:
            return house
        word = _PLACE_WORD.match(text, end) if left else None
        if word is None:
            return -1
        end = word.end()
    return -1


def end_of_house_number(text: str, start: int, language: str | None) -> int:
    """Where a house number ends that follows, written or said, with its letter; ``start`` where none does."""
    end = start
    while (word := _HOUSE.match(text, end)) is not None and is_house_number(word.group(1).lower(), language):
        end = word.end()
    letter = _LETTER.match(text, end) if end > start else None
    return letter.end() if letter is not None else end


def is_house_number(word: str, language: str | None) -> bool:
    """Whether a lower-case word is a number, written or said."""
    return word.isdecimal() or "hundre" in word or digits_of(word, language) is not None
