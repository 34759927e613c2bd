"""Names and street addresses by rule: cue phrases, name lists and street endings. The trained model does the rest."""

from __future__ import annotations

import re

from classify.redaction.wordlists import Listed, common_words, given, given_names, is_unknown, surname

NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

_STREET_END = (
    "vägen|väg|gatan|gata|gränd|gränden|stigen|backen|allén|torget|torg|plan|esplanaden|vej|vejen|gade|"
    "gaden|allé|alléen|vænget|vang|"
    "stræde|strædet|parken|bakken|toften|veien|vegen|vei|veg|gate|gaten|svingen|stien|plassen|tunet|tie|"
    "tien|tiellä|katu|kadun|kadulla|kuja|"
    "kujan|polku|polun|raitti|väylä|kaari|ranta|rinne|bulevardi|portti"
)
_ENDS_AS_STREET = re.compile(rf"[^\W\d_]{{3,}}(?:{_STREET_END})[ns]?")
_STREET_NUMBER = r"\d{1,4}(?: ?[A-Za-zÅÄÖåäö](?![^\W_]))?(?:[:/]\d+|:(?:s[ts][aäo]|l[lt]?[aäe]|lle|een|n))?"
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


def bare(word: str) -> str:
    """A word in lower case without an English genitive's "'s"."""
    return word.lower().removesuffix("'s").removesuffix("’s")


def listed_names(text: str, language: str | None) -> list[tuple[int, int]]:
    """Spans of listed given names that are no ordinary words, and of others that stand with a name."""
    found = []
    words = list(NAME_WORD.finditer(text))
    for index, word in enumerate(words):
        listed = given(bare(word.group()), language)
        if listed is Listed.SURE:
            found.append((_start_of_name(words, index, text, language), word.end()))
        elif listed and index + 1 < len(words) and _goes_on(word, words[index + 1], text, language):
            found.append((word.start(), words[index + 1].end()))
    return found


def _start_of_name(words: list[re.Match[str]], index: int, text: str, language: str | None) -> int:
    """Where a name begins whose sure part is given: with "per" before "kristian", with "maj" before "britt"."""
    word = words[index]
    if index and text[words[index - 1].end() : word.start()] == " ":
        before = words[index - 1].group()
        first = before.lower() in FIRST_OF_TWO and word.group().lower() in given_names()
        same_case = before[0].isupper() == word.group()[0].isupper()
        if first and same_case:
            return words[index - 1].start()
    return word.start()


# Given names that are common words, and yet names before another given name ("per kristian").
_FIRST_OF_TWO = "per maj jan bo ole kai odd liv may ann tor inga ulla bent leif finn bjørn björn unn"
FIRST_OF_TWO = frozenset(_FIRST_OF_TWO.split())


def _goes_on(given_name: re.Match[str], after: re.Match[str], text: str, language: str | None) -> bool:
    first = given_name.group().lower()
    if first in common_words(language) and first not in FIRST_OF_TWO:
        return False
    between = text[given_name.end() : after.start()]
    if between != " " or given_name.group()[0].isupper() != after.group()[0].isupper():
        return False
    return surname(after.group().lower(), language) is Listed.SURE


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


# What follows a name where somebody presents himself or greets.
_HERE = re.compile(
    r"\s*(?:$|[.,!?;:)\n]|\s(?:här|här är|her|here|täällä|täälä|tässä|tääl|speaking|calling|puhelimessa|hej|hei|moi|"
    r"moro|terve|hello|hi|eh|öh|øh|igen|again|taas|jag|jeg|eg|mä|minä|från|fra|from)(?!\w))",
    re.IGNORECASE,
)
_VERB = re.compile(r"(?:ing|ed|ade|ades|ede|ede[st]|aisi|isin|ttiin|taan|tään|inte|ks|kaan|kään|ko|kö)$")
_SURNAME_SHAPE = re.compile(
    r"[^\W\d_]+(?:nen|sen|[lks]elle|l[aä]|l[aä]n|maa|mäki|niemi|kangas|lahti|järvi|joki|ranta|salo|aho|koski|harju|"
    r"lehto|korpi|vaara|suo|pelto|kivi|virta|tie|vuori|luoto|oja|rinne|pää|palo|ström|berg|lund|qvist|kvist|sson|"
    r"gren|stedt|holm|man|dahl|blad|roos|fors|mark)"
)


def end_of_name(text: str, start: int, end: int, language: str | None = None) -> int:
    """Where a name that begins as given ends.

    Surnames after it belong to it: told by capital, list or particle, or, after a given name, by being on no list of
    words; ordinary words that are surnames too where the name ends at the turn's end or at a word like "here".
    """
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
        told = match.group(1) or (capital and word[0].isupper() and len(word) > 1)
        if not (told or _is_surname(text, start, match, language)):
            break
        end = match.end()
    return end


def _is_surname(text: str, start: int, match: re.Match[str], language: str | None) -> bool:
    word = match.group(2).lower()
    listed = surname(word, language)
    if listed is Listed.SURE:
        return True
    first = NAME_WORD.match(text, start)
    if first is None or word in NO_NAMES or not given(bare(first.group()), language):
        return False
    closing = _HERE.match(text, match.end()) is not None
    if listed:
        return closing and word not in common_words(language)
    if len(word) < 3 or _VERB.search(word) or given(word, language) is Listed.ORDINARY:
        return False
    # Finnish has more forms of a word than any list: there its shape or what follows must speak for a name.
    return is_unknown(word, language) and (language not in {"fi", None} or closing or _has_surname_shape(word))


def _has_surname_shape(word: str) -> bool:
    return len(word) >= 6 and _SURNAME_SHAPE.fullmatch(word) is not None


def has_street_ending(word: str) -> bool:
    """Whether a lower-case word ends as street names do, with something before the ending."""
    return _ENDS_AS_STREET.fullmatch(word) is not None


def streets(text: str) -> list[tuple[int, int]]:
    """Spans of street names with a house number, and the flat and town after it."""
    return [match.span() for match in _STREET.finditer(text)]
