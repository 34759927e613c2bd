"""Numbers in a text, written or said: runs of digits and number words, with the letters that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

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
    rf"(?<![\w'’])(?:(?:[b-hj-z]|{_LETTERS}) (?:dash |streck |viiva )?){{1,4}}$|"
    rf"(?<![^\W_])(?:{_COUNTRIES}|ef ii|i e|f i) $",
    re.IGNORECASE,
)
_MASKED = re.compile(r"(?:[*xX•]{2,4}[ -]?){1,4}$")
_SUFFIX = re.compile(r"-[A-ZÅÄÖ]{1,2}(?![^\W_])")
# A Finnish identity code whose last character, a digit or a letter, was set apart.
_HETU_LESS_CHECK = re.compile(r"[0-3]\d[01]\d{3} ?[-+A-FU-Ya-fu-y] ?\d{3}")
_HETU_CHECK = re.compile(r" [0-9A-Za-z](?![^\W_])")
CHECK_NAMES = _LETTER_NAMES | {
    "hoo": "H",
    "jii": "J",
    "äl": "L",
    "äm": "M",
    "än": "N",
    "pee": "P",
    "är": "R",
    "äs": "S",
    "tee": "T",
    "uu": "U",
    "vee": "V",
    "äks": "X",
    "yy": "Y",
}
# The same said: its sign for the century is a letter or a dash by name, and any letter may be its last character.
_SAID_HETU = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+A-FU-Y]\d{3}\d?")
_CENTURY_SIGNS = {letter.lower(): letter for letter in "ABCDEFUVWXY"} | {"viiva": "-", "plus": "+"}
_SAID_CHECK = re.compile(rf",? (?:[a-z]|{'|'.join(CHECK_NAMES)})(?![^\W_])", re.IGNORECASE)
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
            if run:
                _close(run, text, found)
                run, bridge = [], 0
            multiplier = 1
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
    digits = 0 if word.isalpha() else sum(c.isdecimal() for c in word)
    if digits:
        ends_in_digits = any(c.isdecimal() for c in word[-4:])
        if len(word) > _LONGEST_ATOM or not (ends_in_digits or digits >= 5):
            return None
        return _Atom(match.start(), match.end(), word, False, False)
    value = digits_of(word.lower(), language)
    return None if value is None else _Atom(match.start(), match.end(), value, True, word.lower() in WEAK)


def _bridges(words: list[re.Match[str]], index: int, language: str | None) -> bool:
    """Whether a word can stand inside a number: a dash said aloud, "and then", letters before the next digits."""
    word = words[index].group().lower()
    following = words[index + 1].group().lower() if index + 1 < len(words) else ""
    if word in FILLERS or (word in CONJUNCTIONS and following in FILLERS):
        return True
    for letter, after in pairwise(words[index : index + _MOST_BRIDGES + 1]):
        if not _is_letter(letter.group().lower()):
            return False
        if _atom(after, language) is not None:
            return True
    return False


def _is_letter(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or word in _LETTER_NAMES


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
    code = _said_identity_code(run, text)
    start, end = _before(text, run[0]), _after(text, run, code)
    prefix = "".join(_LETTER_NAMES.get(w.lower(), w.upper()) for w in _WORD.findall(text[start : run[0].start]))
    names = {} if code is None else CHECK_NAMES
    suffix = "".join(names.get(w.lower(), w.upper()) for w in _WORD.findall(text[run[-1].end : end]))
    value = prefix + (code or _joined(run)) + suffix
    found.append(Number(start, end, text[start:end], value, any(a.spoken for a in run), len(run), singles))


def _without_weak_edges(run: list[_Atom]) -> list[_Atom]:
    if sum(len(a.value) for a in run if not a.weak) >= 2 and len(run) >= 3:
        return run
    while run and run[0].weak:
        run = run[1:]
    while run and run[-1].weak:
        run = run[:-1]
    return run


def _said_identity_code(run: list[_Atom], text: str) -> str | None:
    """The characters of a Finnish identity code said in words, wholly or in part, without a letter at its end."""
    gaps = (text[left.end : right.start].strip(" ,.").lower() for left, right in pairwise(run))
    signs = (_CENTURY_SIGNS.get(_LETTER_NAMES.get(gap, gap).lower(), "") for gap in gaps)
    at, sign = next(((at, sign) for at, sign in enumerate(signs, 1) if sign), (len(run), ""))
    code = _joined(run[:at]) + sign + _joined(run[at:])
    return code if any(atom.spoken for atom in run) and _SAID_HETU.fullmatch(code) else None


def _joined(run: list[_Atom]) -> str:
    value, spoken = "", []
    for atom in run:
        if atom.spoken:
            spoken.append(atom.value)
            continue
        value, spoken = value + join(spoken) + atom.value.upper(), []
    return value + join(spoken)


def _before(text: str, first: _Atom) -> int:
    """Where a number begins, with the letters, asterisks or plus sign before its digits."""
    before = text[max(0, first.start - 24) : first.start]
    match = (_SPOKEN_PREFIX if first.spoken else _PREFIX).search(before) or _MASKED.search(before)
    if match is not None:
        return first.start - len(before) + match.start()
    return first.start - before.endswith("+")


def _after(text: str, run: list[_Atom], code: str | None) -> int:
    """Where a number ends, with the letters after its digits."""
    last = run[-1]
    written = text[run[0].start : last.end]
    if code is not None:
        match = _SAID_CHECK.match(text, last.end) if not code[-4].isdecimal() else None
    elif last.spoken:
        match = _SPOKEN_SUFFIX.match(text, last.end)
    elif _HETU_LESS_CHECK.fullmatch(written):
        match = _HETU_CHECK.match(text, last.end)
    else:
        match = _SUFFIX.match(text, last.end) if written.count(" ") <= 2 else None
    return last.end if match is None else match.end()
