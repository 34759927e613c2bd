"""Numbers as they are said: "tre tre sju fem noll", "kaks viis seiska", "oh seven double four" → digits.

Reading digits aloud mixes single digits, teens, tens and pairs, and dialects shorten freely. Only what can be part of
a reference, an identity or a telephone number is read here: words for hundreds and thousands end a number, for they
belong to amounts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

_SCANDINAVIAN_UNITS = {
    "0": "noll nolla null nul",
    "1": "en ett et én ein éin eitt",
    "2": "två tvåa to tvo",
    "3": "tre trea",
    "4": "fyra fyr fire firer",
    "5": "fem femma",
    "6": "sex sexa seks",
    "7": "sju sjua syv",
    "8": "åtta åtte otte",
    "9": "nio nie nia ni",
}
_SCANDINAVIAN_TEENS = {
    "10": "tio tie ti",
    "11": "elva elleve",
    "12": "tolv",
    "13": "tretton tretten",
    "14": "fjorton fjorten",
    "15": "femton femten",
    "16": "sexton seksten sekstan",
    "17": "sjutton sytten",
    "18": "arton aderton atten",
    "19": "nitton nitten",
}
_SCANDINAVIAN_TENS = {
    "2": "tjugo tjuge tjugi tju tjue tyve",
    "3": "trettio tretti trettie tredve tredive tretio",
    "4": "fyrtio fyrti fyrtie førti førr fyrre",
    "5": "femtio femti femtie halvtreds",
    "6": "sextio sexti sextie seksti tres",
    "7": "sjuttio sjutti sjuttie sytti halvfjerds",
    "8": "åttio åtti åttie firs",
    "9": "nittio nitti nittie halvfems",
}
_ENGLISH_UNITS = {
    "0": "oh zero nought o",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
}
_ENGLISH_TEENS = {
    "10": "ten",
    "11": "eleven",
    "12": "twelve",
    "13": "thirteen",
    "14": "fourteen",
    "15": "fifteen",
    "16": "sixteen",
    "17": "seventeen",
    "18": "eighteen",
    "19": "nineteen",
}
_ENGLISH_TENS = {
    "2": "twenty",
    "3": "thirty",
    "4": "forty fourty",
    "5": "fifty",
    "6": "sixty",
    "7": "seventy",
    "8": "eighty",
    "9": "ninety",
}
_FINNISH_UNITS = {
    "0": "nolla nollaa nollan",
    "1": "yksi yks ykkönen ykkösen ykköstä",
    "2": "kaksi kaks kakkonen kakkosen",
    "3": "kolme kolmonen kolmosen kol",
    "4": "neljä nelonen nelosen neljän nel",
    "5": "viisi viis vitonen viitonen",
    "6": "kuusi kuus kutonen kuutonen",
    "7": "seitsemän seittemän seiska seittämän seitsämän seitemän seit seiskan",
    "8": "kahdeksan kaheksan kasi kaheksain kahdeksikko",
    "9": "yhdeksän yheksän ysi yheksäin",
}
_FINNISH_STEMS = {
    "1": "yks yksi yhden",
    "2": "kaks kaksi kahden",
    "3": "kolme kol",
    "4": "neljä nel",
    "5": "viis viisi",
    "6": "kuus kuusi",
    "7": "seitsemän seittemän seit seittämän",
    "8": "kahdeksan kaheksan",
    "9": "yhdeksän yheksän",
}
_GERMAN_UNITS = {
    "0": "null",
    "1": "eins",
    "2": "zwei zwo",
    "3": "drei",
    "4": "vier",
    "5": "fünf",
    "6": "sechs",
    "7": "sieben",
    "8": "acht",
    "9": "neun",
}

MULTIPLIERS = {
    "double": 2,
    "dubbel": 2,
    "dubbla": 2,
    "dobbel": 2,
    "dobbelt": 2,
    "tupla": 2,
    "tuplanolla": 2,
    "triple": 3,
    "treble": 3,
    "trippel": 3,
    "tripla": 3,
}


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Said between groups of digits without being part of the number.
FILLERS = _words(
    "dash slash plus streg bindestreg skråstreg "
    "streck bindestreck snedstreck skråstrek strek bindestrek viiva kauttaviiva hyphen mellanslag mellomrom "
    "så er det then sitten komma colon kolon"
)
CONJUNCTIONS = _words("och å og and ja")
# Also ordinary words: never begin or end a number unless a plainer number word stands beside them.
WEAK = _words("en et ett o no ti tie ein acht")


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {word: digits for digits, words in groups.items() for word in words.split()}


def _scandinavian() -> dict[str, str]:
    units, tens = _table(_SCANDINAVIAN_UNITS), _table(_SCANDINAVIAN_TENS)
    words = units | _table(_SCANDINAVIAN_TEENS) | {word: digit + "0" for word, digit in tens.items()}
    for ten, first in tens.items():
        for unit, second in units.items():
            if second != "0":
                words[ten + unit] = words[f"{unit}og{ten}"] = first + second
    return words


def _english() -> dict[str, str]:
    units, tens = _table(_ENGLISH_UNITS), _table(_ENGLISH_TENS)
    words = units | _table(_ENGLISH_TEENS) | {word: digit + "0" for word, digit in tens.items()}
    return words | {ten + unit: tens[ten] + units[unit] for ten in tens for unit in units if units[unit] != "0"}


def _finnish() -> dict[str, str]:
    units, stems = _table(_FINNISH_UNITS), _table(_FINNISH_STEMS)
    words = dict(units) | {"kymmenen": "10", "kymppi": "10"}
    for stem, digit in stems.items():
        words |= {stem + ending: "1" + digit for ending in ("toista", "tois", "toist")}
        if digit == "1":
            continue
        for ending in ("kymmentä", "kyt", "kymment", "kymmen", "kymmentä", "kyä", "kytä"):
            words[stem + ending] = digit + "0"
            words |= {stem + ending + unit: digit + second for unit, second in units.items() if second != "0"}
    return words


@cache
def number_words(language: str | None) -> dict[str, str]:
    """Number word (lower case) → its digits, for conversations in that language; ``None`` knows all of them.

    English and Scandinavian number words collide ("to", "fire"), so a known language keeps to its own and English.
    """
    nordic = _scandinavian() | _table(_GERMAN_UNITS)
    if language == "sv":
        return _english() | {
            word: digits for word, digits in nordic.items() if word not in {"ni", "to", "ti", "ein", "et"}
        }
    if language in {"nb", "nn", "no", "da"}:
        return _english() | nordic
    if language == "en":
        return {word: digits for word, digits in nordic.items() if word not in WEAK | {"to", "fire", "ni"}} | _english()
    if language == "fi":
        return _english() | _finnish()
    return (
        {word: digits for word, digits in nordic.items() if word not in {"to", "en", "fire", "ni"}}
        | _english()
        | _finnish()
    )


@cache
def _compound(language: str | None) -> re.Pattern[str]:
    shunned = WEAK - {"ett", "tre", "sex"}
    words = sorted((w for w in number_words(language) if w not in shunned and 2 < len(w) < 10), key=len, reverse=True)
    one = "|".join(map(re.escape, words))
    return re.compile(f"(?:{one})(?=(?:{one})*$)")


@lru_cache(maxsize=20_000)
def digits_of(word: str, language: str | None) -> str | None:
    """Digits of one lower-case word as said, also of several written together ("nollanollaseiska"); else ``None``."""
    known = number_words(language).get(word)
    if known is not None or not 6 <= len(word) <= 60:
        return known
    pattern, position, parts = _compound(language), 0, []
    while position < len(word):
        match = pattern.match(word, position)
        if match is None:
            return None
        parts.append(number_words(language)[match.group()])
        position = match.end()
    return join(parts)


def join(parts: list[str]) -> str:
    """Digits of consecutive number words; a round ten takes the unit after it: ["50", "3", "17"] → "5317"."""
    digits = ""
    pending = ""
    for part in parts:
        if pending and len(part) == 1 and part != "0":
            digits, pending = digits + pending[0] + part, ""
            continue
        digits, pending = digits + pending, ""
        if len(part) == 2 and part[1] == "0" and part[0] > "1":
            pending = part
        else:
            digits += part
    return digits + pending


_FUNCTION_WORDS = {
    "sv": "och jag är inte att på för ni har inget vad hej det",
    "nb": "og jeg er ikke på for dere har hva hei det",
    "da": "og jeg er ikke på for jer har hvad hej det af",
    "en": "the i you is to and my not have for of it",
    "fi": "ja on se ei että mä minä niin mun oli kun ole hei",
}


def likely_language(texts: Iterable[str]) -> str | None:
    """The language whose commonest words occur most, for reading number words only; ``None`` where none occurs."""
    words = Counter(word for text in texts for word in text.lower().split())
    hits = {language: sum(words[w] for w in listed.split()) for language, listed in _FUNCTION_WORDS.items()}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] else None
