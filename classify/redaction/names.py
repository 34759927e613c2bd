"""Names and street addresses by rule: cue phrases, name lists and street endings. The trained model does the rest."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_LEXICON = Path(__file__).parent / "lexicon"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

_STREET_END = (
    "vägen|väg|gatan|gata|gränd|gränden|stigen|backen|allén|torget|torg|plan|esplanaden|vej|vejen|gade|"
    "gaden|allé|alléen|vænget|vang|"
    "stræde|strædet|parken|bakken|toften|veien|vegen|vei|veg|gate|gaten|svingen|stien|plassen|tunet|tie|"
    "tien|tiellä|katu|kadun|kadulla|kuja|"
    "kujan|polku|polun|raitti|väylä|kaari|ranta|rinne|bulevardi|portti"
)
_ENDS_AS_STREET = re.compile(rf"[^\W\d_]{{3,}}(?:{_STREET_END})[ns]?")
_STREET_NUMBER = r"\d{1,4}(?: ?[A-Za-zÅÄÖåäö](?![^\W_]))?(?:[:/]\d+)?"
_FLAT_WORD = r"lgh|as|leilighet|lejlighed|port|st\.?|H|[A-H]|\d+\."
_FLAT = rf"(?:,? (?:{_FLAT_WORD})\.? ?(?:\d{{1,4}}|th\.?|tv\.?|sal)?(?: ?(?:th|tv|mf)\.?)?)?"
_TOWN = r"(?:,? (?:\d{3} ?\d{2}|\d{4})(?!\d) [A-ZÅÄÖØÆ][\wåäöæø]+(?: [A-ZÅÄÖØÆ]{1,2}(?!\w))?)?"
_AFTER_STREET = rf"{_STREET_NUMBER}{_FLAT}{_TOWN}(?!\w)"
_ENGLISH_END = (
    "Street|Road|Drive|Lane|Close|Avenue|Ave|Terrace|Court|Quay|Row|Mews|Way|Place|"
    "Crescent|Rise|Gardens|Park|Hill|Square|Tce"
)
_STREET = re.compile(
    rf"(?<!\w)(?:[A-ZÅÄÖØÆ][\w]+ ){{0,2}}[^\W\d_]{{2,40}}(?:{_STREET_END}),? {_AFTER_STREET}|"
    rf"(?<!\w)(?:[A-ZÅÄÖØÆ]\w+ ){{1,2}}(?:{_STREET_END}|Vägen|Vej|Gate|Allé|Torg) {_AFTER_STREET}|"
    r"(?<!\w)(?:Flat|Apartment|Apt\.?|Suite|P\.?O\.? Box) \d{1,5}[A-Za-z]?(?!\w)|"
    rf"(?<!\w)(?:Flat \w+, )?\d{{1,4}}[A-Za-z]? (?:[A-Z][\w']+ ){{1,2}}(?:{_ENGLISH_END})"
    r"(?:, [A-Z][a-z]+)?(?:,? [A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2})?(?!\w)"
)


@cache
def _listed(file: str) -> frozenset[str]:
    lines = (_LEXICON / file).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def given_names() -> frozenset[str]:
    """Listed given names, lower case."""
    return _listed("given_names.txt")


def surnames() -> frozenset[str]:
    """Listed surnames, lower case."""
    return _listed("surnames.txt")


def ordinary_words() -> frozenset[str]:
    """Listed names that are ordinary words as well, lower case."""
    return _listed("ordinary_words.txt")


def english_words() -> frozenset[str]:
    """Listed words of English customer service that are no names, lower case."""
    return _listed("english_words.txt")


@cache
def _sure_surnames() -> frozenset[str]:
    return surnames() - ordinary_words()


_PRESENTED = re.compile(
    r"(?:jag heter|mitt namn är|(?:du|ni) (?:talar|pratar) med|je?g heter|mitt? navn er|"
    r"du (?:snakker|taler) med|nimeni on|"
    r"my name is|my name's|speaking (?:with|to)|through to) $",
    re.IGNORECASE,
)


def bare(word: str) -> str:
    """A word in lower case without an English genitive's "'s"."""
    return word.lower().removesuffix("'s").removesuffix("’s")


def listed_names(text: str) -> list[tuple[int, int]]:
    """Spans of listed given names that are no ordinary words; of those that are where somebody presents himself."""
    found = []
    words = list(_WORD.finditer(text))
    for index, word in enumerate(words):
        name = bare(word.group())
        if name not in given_names() or len(name) < 3:
            continue
        presented = _PRESENTED.search(text, max(0, word.start() - 24), word.start()) is not None
        if name not in ordinary_words() or presented:
            found.append(word.span())
        elif index + 1 < len(words) and _goes_on(word, words[index + 1], text):
            found.append((word.start(), words[index + 1].end()))
    return found


def _goes_on(given: re.Match[str], surname: re.Match[str], text: str) -> bool:
    if text[given.end() : surname.start()] != " " or given.group()[0].isupper() != surname.group()[0].isupper():
        return False
    return surname.group().lower() in _sure_surnames()


_TITLE = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|miss|dr|doctor|tohtori|rouva|herra|fru|herr|doktor)\.? ([^\W\d_]{2,}(?:[-'’][^\W\d_]+)*)",
    re.IGNORECASE,
)
_CAPITAL = "A-ZÅÄÖØÆÉÁÓÍ"
_CLOSING_NAME = rf"[{_CAPITAL}][\w.'’-]+(?: (?:[{_CAPITAL}][\w.'’-]*|af|von|van|de|al)){{0,3}}"
_CLOSING = re.compile(
    r"(?:^|\n)[ \t]*(?i:(?:(?:med )?(?:vänliga?|venlig|vennlig|bästa|bedste|beste|ystävällisin|parhain|kind|best|"
    r"warm|many)? ?"
    r"(?:hälsning(?:ar)?|hilsen|hilsner|terveisin|regards|wishes|thanks)|mvh|vh|t\.|terv\.?|yt\.|"
    r"yours (?:sincerely|faithfully)|sincerely|cheers|best|bh|kh|med vh))[.,!]?"
    rf"(?:[ \t]+(?P<beside>{_CLOSING_NAME})(?=[ \t]*(?:\n|$))|"
    rf"[ \t]*\n\s*(?P<below>{_CLOSING_NAME})(?=[ \t]*(?:[,\n(/]|$)))"
)
# Pronouns and other small words that the recogniser may take for names where they are written in capitals.
NO_NAMES = frozenset(
    word
    for words in (
        "i you me my he she it it's we they vi jag mig du ni han hon jeg meg dere de hun mä minä sä sinä",
        "se te okay ok yes no ja nej nei joo sir sirs madam mrs mr ms someone somebody hi hello hej hei",
        "moi thanks tack takk tak kiitos",
    )
    for word in words.split()
)
_NO_SURNAMES = (
    "and or who is was has can yes no och eller og på i ja joo from here ab as aps oy oyj ltd limited plc asa hb kb "
    "tmi ky sa bygg auto transport el vvs rör taxi klinik tandklinik advokat revision consulting construction plumbing "
    "design catering entreprise entreprenør kiinteistöt"
)
NO_SURNAME = frozenset(_NO_SURNAMES.split())


def titled(text: str) -> list[tuple[int, int]]:
    """Spans of the name after a title ("mrs okonkwo") and of the name that closes a letter."""
    found = [m.span(1) for m in _TITLE.finditer(text) if m.group(1).lower() not in NO_SURNAME]
    closing = [m.span(m.lastgroup or 0) for m in _CLOSING.finditer(text)]
    return found + [(start, end) for start, end in closing if not _is_firm(text[start:end])]


def _is_firm(name: str) -> bool:
    return any(word.lower() in NO_SURNAME for word in name.split())


_GENITIVE = re.compile(r"['’]s$")
_NEXT = re.compile(
    r"(?:(?<= [A-Z])\.)? ((?:af|von|van|de|der|la|al|el|bin|ní|mac|mc) )?([^\W\d_]+(?:[-'’][^\W\d_]+)*)", re.IGNORECASE
)


def end_of_name(text: str, start: int, end: int) -> int:
    """Where a name that begins as given ends: surnames after it belong to it, told by capital, list or particle."""
    capital = text[start].isupper()
    for _ in range(2):
        if _GENITIVE.search(text, start, end):
            break
        match = _NEXT.match(text, end)
        if match is None:
            break
        word = match.group(2)
        if word.lower() in NO_SURNAME:
            break
        listed = word.lower() in _sure_surnames()
        if not (listed or match.group(1) or (capital and word[0].isupper() and len(word) > 1)):
            break
        end = match.end()
    return end


def has_street_ending(word: str) -> bool:
    """Whether a lower-case word ends as street names do, with something before the ending."""
    return _ENDS_AS_STREET.fullmatch(word) is not None


def streets(text: str) -> list[tuple[int, int]]:
    """Spans of street names with a house number, and the flat and town after it."""
    return [match.span() for match in _STREET.finditer(text)]
