"""Numbers in a text, written or said: runs of digits and number words, with the letters that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classify.redaction.spoken import CONJUNCTIONS, FILLERS, MULTIPLIERS, WEAK, digits_of, join

_WORD = re.compile(r"[^\W_]+")
_DIGIT_GAP = re.compile(r"[ \u00a0]?[-–./:]?[ \u00a0]?|,")
_WORD_GAP = re.compile(r"[ \u00a0]*[-–,.]?[ \u00a0]*")
_LONGEST_ATOM = 34  # an IBAN
_MOST_BRIDGES = 4
_LETTER_NAMES = {
    "ässä": "S",
    "aa": "A",
    "bee": "B",
    "cee": "C",
    "dee": "D",
    "ee": "E",
    "ef": "F",
    "ii": "I",
    "koo": "K",
}
_LETTERS = "|".join(_LETTER_NAMES)
_COUNTRIES = "fi|no|dk|se|gb|ie|de|lt|lv|cy|nl|fr|es|pl"
# What stands in capitals before a number without being part of it.
_NO_PREFIX = (
    "OCR|KID|BG|PG|CPR|CVR|FIK|TEL|TLF|PUH|REF|ID|NR|NO|NRO|PO|OVT|KTO|REG|VAT|SEK|NOK|DKK|EUR|KR|IBAN|BIC|FAX|MOB|HETU|"
    "PIN|PUK"
)
_PREFIX = re.compile(
    rf"(?<![^\W_])(?!(?:{_NO_PREFIX})\b)(?:[A-ZÅÄÖ]{{1,4}}[-– ]?|[a-z][- ](?=\d[\d ]{{3}})|[A-Za-z]{{1,3}}-)$"
)
_SPOKEN_PREFIX = re.compile(
    rf"(?<![\w'’])(?:(?:[b-hj-z]|{_LETTERS}) (?:dash |streck |viiva )?){{1,4}}$|(?<![^\W_])(?:{_COUNTRIES}|ef ii) $",
    re.IGNORECASE,
)
_MASKED = re.compile(r"(?:[*xX•]{2,4}[ -]?){1,4}$")
_SUFFIX = re.compile(r"-[A-ZÅÄÖ]{1,2}(?![^\W_])")
_SPOKEN_SUFFIX = re.compile(r"(?: dash [a-z]| (?:aa|[b-df-hj-np-tv-z]))(?![^\W_])(?! \w+dag)")


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text: where, as digits and letters, and how it was written."""

    start: int
    end: int
    text: str
    value: str
    spoken: bool
    atoms: int
    singles: int  # of the atoms those that are one digit said alone

    @property
    def digits(self) -> str:
        """Its digits 0-9 alone."""
        return re.sub(r"[^0-9]", "", self.value)


@dataclass(frozen=True)
class _Atom:
    start: int
    end: int
    value: str
    spoken: bool
    weak: bool


def numbers(text: str, language: str | None) -> list[Number]:
    """All runs of digits and number words in a text, in order, with letters that belong to them."""
    found: list[Number] = []
    run: list[_Atom] = []
    bridge, multiplier = 0, 1
    words = list(_WORD.finditer(text))
    for index, match in enumerate(words):
        word = match.group().lower()
        atom = _atom(match, language)
        if atom is None and word in MULTIPLIERS:
            multiplier = MULTIPLIERS[word]
        elif atom is None and run and bridge < _MOST_BRIDGES and _bridges(words, index, language):
            bridge += 1
        elif atom is None:
            _close(run, text, found)
            run, bridge, multiplier = [], 0, 1
        else:
            if multiplier > 1:
                atom = _Atom(words[index - 1].start(), atom.end, atom.value * multiplier, True, False)
            if run and not bridge and not _adjoins(run[-1], atom, text):
                _close(run, text, found)
                run = []
            run.append(atom)
            bridge, multiplier = 0, 1
    _close(run, text, found)
    return found


def _atom(match: re.Match[str], language: str | None) -> _Atom | None:
    word = match.group()
    digits = sum(c.isdecimal() for c in word)
    if digits:
        ends_in_digits = any(c.isdecimal() for c in word[-4:])
        if len(word) > _LONGEST_ATOM or not (ends_in_digits or digits >= 5):
            return None
        return _Atom(match.start(), match.end(), word, False, False)
    value = digits_of(word.lower(), language)
    return None if value is None else _Atom(match.start(), match.end(), value, True, word.lower() in WEAK)


def _bridges(words: list[re.Match[str]], index: int, language: str | None) -> bool:
    """Whether a word can stand inside a number: a dash said aloud, "and then", a letter before the next digits."""
    word = words[index].group().lower()
    following = words[index + 1].group().lower() if index + 1 < len(words) else ""
    if word in FILLERS or (word in CONJUNCTIONS and following in FILLERS):
        return True
    letter = (len(word) == 1 and word.isalpha()) or word in _LETTER_NAMES
    return letter and bool(following) and _atom(words[index + 1], language) is not None


def _adjoins(left: _Atom, right: _Atom, text: str) -> bool:
    gap = text[left.end : right.start]
    if left.spoken or right.spoken:
        return _WORD_GAP.fullmatch(gap) is not None
    return _DIGIT_GAP.fullmatch(gap) is not None


def _close(run: list[_Atom], text: str, found: list[Number]) -> None:
    run = _without_weak_edges(run)
    if not run:
        return
    singles = sum(atom.spoken and len(atom.value) == 1 for atom in run)
    start, end = _with_letters(text, run[0].start, run[-1].end, spoken=run[0].spoken)
    prefix = "".join(_LETTER_NAMES.get(w.lower(), w.upper()) for w in _WORD.findall(text[start : run[0].start]))
    suffix = "".join(w.upper() for w in _WORD.findall(text[run[-1].end : end]))
    value = prefix + _joined(run, text) + suffix
    found.append(Number(start, end, text[start:end], value, any(a.spoken for a in run), len(run), singles))


def _without_weak_edges(run: list[_Atom]) -> list[_Atom]:
    if sum(len(a.value) for a in run if not a.weak) >= 2 and len(run) >= 3:
        return run
    while run and run[0].weak:
        run = run[1:]
    while run and run[-1].weak:
        run = run[:-1]
    return run


def _joined(run: list[_Atom], text: str) -> str:
    value, spoken = "", []
    for atom in run:
        if atom.spoken:
            spoken.append(atom.value)
            continue
        value, spoken = value + join(spoken) + atom.value.upper(), []
    return value + join(spoken)


def _with_letters(text: str, start: int, end: int, *, spoken: bool) -> tuple[int, int]:
    before = text[max(0, start - 24) : start]
    match = (_SPOKEN_PREFIX if spoken else _PREFIX).search(before) or _MASKED.search(before)
    if match is not None:
        start -= len(before) - match.start()
    elif before.endswith("+"):
        start -= 1
    after = None
    if spoken:
        after = _SPOKEN_SUFFIX.match(text, end)
    elif text[start:end].count(" ") <= 2:
        after = _SUFFIX.match(text, end)
    return start, after.end() if after is not None else end
