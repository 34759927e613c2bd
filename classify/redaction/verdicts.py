"""What a number is: told apart by shape, check digit and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.no import fodselsnummer, kontonr

from classify.redaction.context import ASKED, Noun, nearest_noun
from classify.redaction.numbers import Number
from models.values import PiiKind


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_UNIT = _pattern(
    r"\s?(?:kr\b|kroner|kronor|kronen|:-|,-|;-|€|e\b|eur|snt|sek\b|nok\b|dkk\b|£|\$|%|øre|öre|pund\b|"
    r"pounds?|quid|lappen|lakan|spänn)",
    r"\s?(?:kwh|kw\b|mb\b|gb\b|mbit|m[23²³]\b|kubik|kbm|lit(?:er|ra)|km\b|mil\b|grader|volt|amp|a\b|stk|"
    r"st\b|kpl|units?|x\b)",
    r"\s?(?:tim(?:er|mar|e|ma|men)\b|tuntia|min\b|minut|dag\b|dage\b|dagar|dager|days?\b|päivä|måned|mån\b|"
    r"månad|months?\b|kk\b)",
    r"\s?(?:kuukau|år\b|years?\b|vuot|v\.?\b|procent|prosent|pct|hundr|tusen|tusind|thousand|sata|tuhat|"
    r"tuhan|tonni|laken|grand|k\b|tkr)",
)
_MONEY_BEFORE = re.compile(
    r"(?:£|€|\$|\bkr\.?|\bsek|\bnok|\bdkk|\beur|\beuros?|\bgbp|\busd|\bminus|[\d.]\s?[x×=]|hundra|hundrede|"
    r"hundre|tusen|tusind|sataa|"
    r"tuhatta|hundred and|thousand|\bcirka|\bca\.?|\babout|\bnoin)\s?$",
    re.IGNORECASE,
)
_GROUPED_AMOUNT = _pattern(
    r"\d{1,3}(?:[ .,\u00a0]\d{3}){1,3}(?:[.,]\d{1,2})?", r"\d+[.,]\d{1,2}", r"\d{1,3}(?:[.,]\d{3})+"
)
_DAY = r"\d{1,2}[./]\d{1,2}\.?"
_DATE_OR_TIME = _pattern(
    r"\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{2}|\d{4}))?\.?",
    r"(?:19|20)\d\d-\d\d-\d\d",
    r"(?:19|20)\d\d(?:[-/–](?:(?:19|20)?\d\d))?",
    r"\d{1,2}[:.]\d{2}(?: ?[-–] ?\d{1,2}[:.]\d{2})?",
    rf"{_DAY} ?[-–] ?{_DAY}(?:[./]?\d{{2,4}})?",
    r"\d{1,2}/(?:19|20)\d\d(?: ?[-–] ?\d{1,2}/(?:19|20)\d\d)?",
    r"\d{1,2}[ .](?:19|20)\d\d",
    r"1000/1000|\d{2,4}/\d{2,4}",
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WITH_UNIT = re.compile(r"\d+(?:kr|gb|mb|kwh|kw|km|m2|m3|st|stk|kpl|min|h|x\d+|e|eur|k)", re.IGNORECASE)
_SUM_OF = re.compile(
    r"\b(?:på|pa|var|är|er|blev|lød|lyder|lydende|of|for|was|is|at|skyldig|betale|betala|maksaa)\s$", re.IGNORECASE
)
_HETU = re.compile(r"[0-3]\d[01]\d{3}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Za-z]")
_SET_APART = re.compile(r"\d{6}(?: ?[-–+ ] ?\d{4}|\D+)|\D+\d{4}")  # six digits and four, some said
_Y_TUNNUS = re.compile(r"\d{7}-\d")
_PHONE = _pattern(
    r"\+\d[\d \u00a0-]{7,15}\d",
    r"07\d[- ]?\d{3} ?\d{2} ?\d{2}|07\d{2}-?\d{3} ?\d{3}|0\d{3}[- ]?\d{2} ?\d{2} ?\d{2}",  # Sweden
    r"(?:\d\d ){3}\d\d|[49]\d\d \d\d \d{3}",  # Denmark, Norway
    r"0(?:4\d|50)\d? ?\d{3} ?\d{3,4}",  # Finland
    r"0[1278]\d{2,4} ?\d{3} ?\d{3,4}|07\d{3} ?\d{6}|0\d{1,3} \d{3} \d{4}",  # Britain, Ireland
    r"0[1-9]\d{0,2}[-/ ]\d{2,3} ?\d{2,4} ?\d{0,3}",
)
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[ ]?(?:[A-Za-z0-9]{4}[ ]?){2,7}[A-Za-z0-9]{0,4}")
_SAID_IBAN = re.compile(r"(?:IE|GB|SE|NO|DK|FI|DE|NL|FR|ES|PL|EE|LT|LV)\d\d[A-Z0-9]{6,}")
_CARD = re.compile(r"(?:\d{4}[ -]?){3}\d{4}|3\d{3}[ -]?\d{6}[ -]?\d{5}")
_NORWEGIAN_ACCOUNT = re.compile(r"\d{4}[ .]\d{2}[ .]\d{5}")
_NUMBERED = re.compile(
    r"(?:\b(?:nr|no|nro|number|nummer|num|re|numero|med|med id|gäller|gjelder|gælder|vedrører|koskee)\.?:?|"
    r"#|n:o)\s?$",
    re.IGNORECASE,
)
_INVOICE = re.compile(r"(?:INV|F|FA|FAK)-?\d")
_LETTERED = re.compile(r"[A-ZÅÄÖ]{1,4}[- ]?\d")
_NEAR = 12  # characters between a telling noun and its number


@dataclass(frozen=True)
class Verdict:
    """What a number is: kind (``None``: surely no person's), how sure (0-1), and why in words without the number."""

    kind: PiiKind | None
    score: float
    because: str


KEEP = Verdict(None, 0.9, "an amount, a date, a reading or a company's number")


def verdict(number: Number, before: str, after: str, asked: str) -> Verdict | None:
    """What kind of personal number this is; ``KEEP`` for amounts, dates and readings, ``None`` where nothing is known.

    ``before`` and ``after`` are the text around it in its turn, ``asked`` the end of what was said just before the turn
    (empty where the number stands deep inside it).
    """
    by_shape = _telltale_shape(number)
    if by_shape is not None:
        return by_shape
    noun = nearest_noun(before, after) or (nearest_noun(asked, "") if asked else None)
    if _is_quantity(number, before, after, noun):
        return KEEP
    return _spoken(number, noun, asked) if number.spoken else _written(number, noun, before, asked)


def _telltale_shape(number: Number) -> Verdict | None:
    """Shapes that need no context: their form or check digit says enough."""
    text, digits = number.text, number.digits
    if text[0] in "*xX•" and len(digits) >= 3:
        return Verdict(PiiKind.CARD, 0.95, "masked card number")
    if _HETU.fullmatch(text) or _HETU.fullmatch(number.value):
        return Verdict(PiiKind.NATIONAL_ID, 0.99, "Finnish identity code")
    if _CARD.fullmatch(text) and luhn.is_valid(digits):
        return Verdict(PiiKind.CARD, 0.99, "card number, check digit right")
    if text.startswith("+") and len(digits) >= 8:
        return Verdict(PiiKind.PHONE, 0.95, "international telephone number")
    if number.spoken:
        said = _SAID_IBAN.fullmatch(number.value) is not None and len(digits) >= 8
        return Verdict(PiiKind.ACCOUNT, 0.9, "an IBAN said aloud") if said else None
    return _international_account(text)


def _international_account(text: str) -> Verdict | None:
    compact = re.sub(r"[^0-9A-Za-z]", "", text)
    if len(compact) < 12 or not compact[:2].isalpha():
        return None
    if compact[:2].upper() == "RF":
        return Verdict(PiiKind.PAYMENT_REFERENCE, 0.95, "creditor reference (ISO 11649)")
    if iban.is_valid(compact):
        return Verdict(PiiKind.ACCOUNT, 0.99, "IBAN, check digits right")
    return Verdict(PiiKind.ACCOUNT, 0.9, "shape of an IBAN") if _IBAN.fullmatch(text) else None


def _is_quantity(number: Number, before: str, after: str, noun: Noun | None) -> bool:
    if _UNIT.match(after) or _MONEY_BEFORE.search(before):
        return not (number.spoken and len(number.digits) >= 8 and (number.digits[0] == "0" or number.singles >= 6))
    if number.spoken:
        return False
    # "fakturan på 6300"
    sum_of_invoice = noun is not None and noun.kind is PiiKind.INVOICE_NUMBER and len(number.digits) <= 5
    if _YEAR.fullmatch(number.text) or _WITH_UNIT.fullmatch(number.text):
        return True
    if sum_of_invoice and _SUM_OF.search(before):
        return True
    return _written_as_quantity(number, noun)


def _written_as_quantity(number: Number, noun: Noun | None) -> bool:
    if _DATE_OR_TIME.fullmatch(number.text):
        return not (noun is not None and noun.kind is not None and noun.distance <= 2 and len(number.digits) >= 4)
    if _GROUPED_AMOUNT.fullmatch(number.text):
        return noun is None or noun.kind is None or noun.distance > _NEAR
    return _Y_TUNNUS.fullmatch(number.text) is not None


def _born(digits: str, *, year_first: bool) -> bool:
    """Whether six digits can be a birth date, also with 60 (Sweden, Denmark) or 40 (Norway) added to the day."""
    first, month, last = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    day = last if year_first else first
    return month in range(1, 13) and (1 <= day <= 31 or 41 <= day <= 91)


def _identity(number: Number, noun: Noun | None) -> Verdict | None:
    digits = number.digits
    named = noun is not None and noun.kind is PiiKind.NATIONAL_ID
    other = noun is not None and noun.kind not in {None, PiiKind.NATIONAL_ID} and noun.distance <= _NEAR
    if len(digits) == 12 and digits[:2] in {"18", "19", "20"} and _born(digits[2:], year_first=True):
        return Verdict(PiiKind.NATIONAL_ID, 0.98, "birth date with century and four digits")
    if len(digits) == 10 and (_born(digits, year_first=True) or _born(digits, year_first=False)):
        set_apart = _SET_APART.fullmatch(number.text) is not None
        if named or (not other and (set_apart or luhn.is_valid(digits))):
            return Verdict(PiiKind.NATIONAL_ID, 0.95, "birth date and four digits")
    if len(digits) == 11 and not other and _norwegian(number, named=named):
        return Verdict(PiiKind.NATIONAL_ID, 0.9, "birth date and five digits")
    if named and len(digits) >= (4 if number.spoken else 6):
        return Verdict(PiiKind.NATIONAL_ID, 0.85, "a word for identity number stands by it")
    return None


def _norwegian(number: Number, *, named: bool) -> bool:
    """An account number may begin like a birth date too: without a word for either, grouping or check digits decide.

    Published test numbers have 40 or 80 added to the month.
    """
    digits = number.digits
    month = int(digits[2:4])
    test_month = next((month - added for added in (40, 80) if month - added in range(1, 13)), month)
    if not _born(f"{digits[:2]}{test_month:02}{digits[4:6]}", year_first=False):
        return False
    return named or re.fullmatch(r"\d{6} ?\d{5}", number.text) is not None or fodselsnummer.is_valid(digits)


def _written(number: Number, noun: Noun | None, before: str, asked: str) -> Verdict | None:
    digits, text = number.digits, number.text
    named = noun.kind if noun is not None else None
    identity = _identity(number, noun)
    if identity is not None:
        return identity
    if _NORWEGIAN_ACCOUNT.fullmatch(text) and named in {None, PiiKind.ACCOUNT}:
        return Verdict(
            PiiKind.ACCOUNT, 0.95 if kontonr.is_valid(digits) else 0.85, "shape of a Norwegian account number"
        )
    far = noun is not None and noun.distance > 2 * _NEAR
    if _PHONE.fullmatch(text) and (far or named in {None, PiiKind.PHONE, PiiKind.NATIONAL_ID}):
        return Verdict(PiiKind.PHONE, 0.9, "shape of a telephone number")
    if noun is not None and noun.distance <= 20 and named is None:
        return KEEP
    return _named(digits, noun) or _numbered(number, before, asked)


def _named(digits: str, noun: Noun | None) -> Verdict | None:
    """By the telling noun: the shorter the number, the nearer the noun must be."""
    if noun is None or noun.kind is None or len(digits) < 3:
        return None
    if noun.kind is PiiKind.ACCOUNT and noun.word.startswith("swish") and len(digits) < 7:
        return None  # a sum paid by Swish
    near = noun.distance <= _NEAR
    if len(digits) >= 5 or (near and len(digits) >= 4) or noun.distance <= 2:
        return Verdict(noun.kind, 0.9 if near else 0.75, f"the word for it stands near: {noun.kind.value}")
    return None


def _numbered(number: Number, before: str, asked: str) -> Verdict | None:
    """By what is left without a noun: letters before it, "no." before it, its length, a question for a number."""
    digits, text = number.digits, number.text
    if len(digits) < 4:
        return None
    if _INVOICE.match(text):
        return Verdict(PiiKind.INVOICE_NUMBER, 0.8, "shape of an invoice number")
    if len(digits) >= 8:
        return Verdict(PiiKind.PAYMENT_REFERENCE, 0.6, "long number without another meaning")
    if _LETTERED.match(text) or _NUMBERED.search(before):
        return Verdict(PiiKind.CUSTOMER_NUMBER, 0.6, "shape of a customer number")
    return Verdict(PiiKind.CUSTOMER_NUMBER, 0.7, "a number was asked for") if ASKED.search(asked) else None


def _spoken(number: Number, noun: Noun | None, asked: str) -> Verdict | None:
    digits, named = number.digits, noun.kind if noun is not None else None
    identity = _identity(number, noun) if number.atoms >= 3 else None
    if identity is not None:
        return identity
    if named is PiiKind.CARD and len(digits) != 4 and len(digits) < 12:
        named = None  # "pay by card: one fifty-three thirty-four" is a price
    if noun is not None and named is not None and number.atoms >= 3 and (noun.distance <= 10 or len(digits) >= 5):
        return Verdict(named, 0.85, f"said digit by digit near a word for it: {named.value}")
    if number.atoms >= 3 and len(digits) >= 8 and digits[0] == "0":
        return Verdict(PiiKind.PHONE, 0.7, "said digit by digit, long as a telephone number")
    if number.atoms >= 4 and (len(digits) >= 8 or (number.singles >= 3 and len(digits) >= 5)):
        return Verdict(PiiKind.PAYMENT_REFERENCE, 0.6, "said digit by digit or in pairs")
    if number.atoms >= 2 and len(digits) >= 3 and ASKED.search(asked):
        return Verdict(PiiKind.CUSTOMER_NUMBER, 0.6, "a number was asked for")
    return None
