"""Words that say what a number is: the nearest one before it decides, else one just after it."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.values import PiiKind

# None: a number that belongs to no person (readings, orders, companies), whatever it looks like.
_NOUNS: dict[PiiKind | None, str] = {
    PiiKind.NATIONAL_ID: r"person(?:al)? ?(?:nummer|nr|number|code|id)\w*|personnumre\w*|"
    r"pers\.? ?n(?:umme)?r|pnr|fødselsn\w+|"
    r"cpr\w*|henkilötunnu\w*|hetu\w*|sotu\w*|syntymäai\w+|social security|national insurance|pps|ppsn|nino|"
    r"identity (?:number|code)|samordningsn\w+|d-nummer|født|född|fødd|syntyny\w*|born|date of birth|dob|"
    r"id-?nummer|loppuosa",
    PiiKind.PHONE: r"(?:tele|mobil)?telefon\w*|tlf|tel|phone|telephone|puhelin\w*|puhelimeen|puh|p|"
    r"mobil\w*|mob|ring|ringa|"
    r"ringer|ringe|nås|nå|soit\w+|soitel\w+|call|calling|sms\w*|textar?|whatsapp|numeroon|numerosta|"
    r"luuri\w*|cell|kännykkä\w*|gsm",
    PiiKind.CARD: r"(?:bank|betal|kredit|visa|debet)?(?:kort|korts|kortet|kortets|kortnummer\w*)|card|"
    r"cards|kort(?:ti|in|illa|ille|tia)\w*|"
    r"slutar(?: på)?|ending(?: in)?|ends|ender på|slutter på|päätty\w+|loppu\w*|lopussa|viimeiset|"
    r"sista siffrorna|siste sifre\w*|sidste (?:cifre|tal)|last four|last 4|visa|mastercard|amex|xxxx",
    PiiKind.ACCOUNT: r"bankgiro\w*|bg|plusgiro\w*|pg|giro|girot|bank ?konto\w*|konto(?:n|nr|nummer|"
    r"nummeret|numret|et|en)?|kto|"
    r"tili(?:n|lle|ltä|llä|numero\w*|nro|ä|lleni|ltäni)?|tilillen\w*|tilil|iban\w*|bank account|sort code|"
    r"clearing\w*|"
    r"reg|swish(?:a|at|ade|ar|nummer|nr|nummret)?|mobilepay-?nummer|account(?! (?:number|no|ref))",
    PiiKind.PAYMENT_REFERENCE: r"ocr\w*|kid|kiden|kid-?n\w+|viite\w*|viitte\w*|refere?ns\w*|referanse\w*|"
    r"reference|ref|fik|betalings-?id|"
    r"meddeland\w+|meddelelse\w*|melding\w*|viesti\w*|message|girokort\w*|indbetalings\w+|betalningsref\w*|"
    r"sifferkod|maksukoodi\w*",
    PiiKind.INVOICE_NUMBER: r"faktura(?:n|nr|nummer|numret|nummeret|er|erne|or|orna|en|s)?|fakt|fak|"
    r"invoices?|inv|lasku(?:n|nne|lla|sta|ssa|lle|nro|numero\w*)?|"
    r"laskut|laskuja|regning(?:en|er|snr|snummer)?|räkning(?:en|ar)?|bills?|kreditnota\w*|hyvityslask\w+",
    PiiKind.CUSTOMER_NUMBER: r"kunde?\.? ?(?:nr|n|nummer|numret|nummeret|numeret)|kundnumm\w+|kundenumm\w+|"
    r"knr|debitor(?:nummer|nr|nummeret)?|anl|asiakas\w*|customer(?: number| no| id)?|"
    r"member(?:ship)?|medlem\w*|jäsen\w*|anlägg\w*|anlegg\w*|måler(?:nummer|nr|nummeret|nummer\w*)|"
    r"mätarn\w+|målepunkt\w*|käyttöpaik\w+|"
    r"policy|polis(?:e|en)?|contract|avtals?(?:nr|nummer|numret)?|aftale\w*|avtale\w*|sopimu\w*|vakuutu\w*|"
    r"ärende\w*|student number|kolli|"
    r"tenan\w+|agreement|account (?:number|no\.?|ref)|eiendom|abonne\w*|elevnummer|lejemål\w*|kundid|"
    r"kontrakt\w*|hyresgäst\w*|plant",
    PiiKind.ADDRESS: r"lägenhet(?:en|s?nummer|s?numret)?|lgh|leilighet(?:en|snummer)?|lejlighed(?:en)?|"
    r"asunto(?:numero)?",
    None: r"org\.?\s?n\w*|organisation\w*nummer|orgnr|foretaks\w+|cvr\w*|y-tunnu\w+|vat(?: number| no)?|"
    r"momsreg\w*|mva|order\w*|ordre\w*|"
    r"tilaus\w*|po|case|claim|saksn\w*|sak|verifikat|projekt\w*|project|mätarställn\w+|måler(?:stand|"
    r"avl)\w*|målerstand\w*|lukema\w*|"
    r"reading|avläs\w*|aflæs\w*|avles\w*|viser|visar|lukee|reads|shows|stands?|kwh|verkkolaskuosoit\w+|"
    r"ovt\w*|puk|pin|kode|koden|koodi|postnummer|"
    r"postinumero\w*|kl|klockan|klo|pris|price|hinta|summa\w*|beløb\w*|belopp\w*|amount|saldo\w*|total\w*",
}
_NAMES = {kind: "none" if kind is None else kind.value for kind in _NOUNS}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_NOUN = re.compile(
    "|".join(rf"(?P<{_NAMES[kind]}>(?<!\w)(?:{words})(?!\w))" for kind, words in _NOUNS.items()), re.IGNORECASE
)
ASKED = re.compile(
    r"\b\w*(?:nummer|numret|nummeret|nr|nro|numero|numerot|numeron|number|siffer|siffrorna|siffror|"
    r"sifferne|digits?|reference|"
    r"viite\w*|ocr|kid|cpr|hetu|id)\b",
    re.IGNORECASE,
)
WINDOW = 70
_SENTENCE_END = re.compile(r"[.!?]\s+\w")  # what calls a number harmless does so within its sentence


class Noun(NamedTuple):
    """What a noun beside a number says: its kind (``None`` for "no person's number"), and how far away it stands."""

    kind: PiiKind | None
    word: str
    distance: int


def names_a_number(word: str) -> bool:
    """Whether a word says what a number is ("bankgiro"), and so is nobody's name."""
    return _NOUN.fullmatch(word) is not None or ASKED.fullmatch(word) is not None


def nearest_noun(before: str, after: str) -> Noun | None:
    """The telling noun nearest to a number, from the text before it (preferred) and the 25 characters after it."""
    found = None
    start = max(0, len(before) - WINDOW)
    for match in _NOUN.finditer(before, start):
        found = Noun(_KINDS[match.lastgroup or "none"], match.group().lower(), len(before) - match.end())
    if found is not None and found.kind is None and _SENTENCE_END.search(before, len(before) - found.distance):
        found = None
    if found is None:
        match_after = _NOUN.search(after[:25])
        if match_after is not None and match_after.lastgroup != "none":
            found = Noun(_KINDS[match_after.lastgroup or "none"], match_after.group().lower(), match_after.start())
    return found
