"""Identity numbers of four countries are hidden however they are written or said; other numbers are not taken so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fi import hetu
from stdnum.no import fodselsnummer, kontonr
from stdnum.se import orgnr, personnummer

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from models.references import append_kid_check_digit, append_ocr_check_digit
from models.speech import Speaker
from models.values import Conversation, PiiKind, Turn

NEXT_TO_NOTHING = 3  # a digit or two of a number may stand in the rest of a sentence, three may not

# Four carriers a language: named before, asked for in the turn before, named after, and no word for it at all.
CARRIERS = {
    "sv": (
        ("mitt personnummer är {} tack",),
        ("Vad är ditt personnummer?", "ja det är {}"),
        ("{} är mitt personnummer",),
        ("Hej, Anna här, {}, jag vill veta varför det kom två fakturor",),
    ),
    "nb": (
        ("fødselsnummeret mitt er {} takk",),
        ("Hva er fødselsnummeret ditt?", "ja det er {}"),
        ("{} er personnummeret mitt",),
        ("Hei, Anna her, {}, jeg lurer på hvorfor det kom to regninger",),
    ),
    "da": (
        ("mit cpr-nummer er {} tak",),
        ("Hvad er dit cpr-nummer?", "ja det er {}"),
        ("{} er mit cpr",),
        ("Hej, det er Anna, {}, jeg vil vide hvorfor der kom to regninger",),
    ),
    "fi": (
        ("henkilötunnukseni on {} kiitos",),
        ("Mikä on henkilötunnuksesi?", "joo se on {}"),
        ("{} on minun hetu",),
        ("Hei, Anna tässä, {}, haluan tietää miksi tuli kaksi laskua",),
    ),
}
DIGITS = {
    "sv": ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
    "nb": ["null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni"],
    "da": ["nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"],
    "fi": ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
}
TEENS = {
    "sv": ["tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"],
    "nb": ["ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"],
    "da": ["ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"],
    "fi": ["kymmenen", *(f"{unit}toista" for unit in DIGITS["fi"][1:])],
}
TENS = {
    "sv": ["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"],
    "nb": ["tjue", "tretti", "førti", "femti", "seksti", "sytti", "åtti", "nitti"],
    "da": ["tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems"],
    "fi": [f"{unit}kymmentä" for unit in DIGITS["fi"][2:]],
}
HETU_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURY_SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}

births = st.dates(date(1905, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.from_folder(REDACTION_WEIGHTS)


def swedish(born: date, serial: int, *, coordination: bool = False) -> str:
    """Ten digits; a coordination number has 60 added to the day (Lag 1991:481, Skatteverket SKV 707)."""
    nine = f"{born:%y%m}{born.day + 60 * coordination:02}{serial % 1000:03}"
    return nine + luhn.calc_check_digit(nine)


def norwegian(born: date, serial: int, *, d_number: bool = False) -> str | None:
    """Eleven digits, where the two check digits exist; a D-number has 40 added to the day (skatteetaten.no)."""
    nine = f"{born.day + 40 * d_number:02}{born:%m%y}{serial % 1000:03}"
    first = fodselsnummer.calc_check_digit1(nine)
    second = fodselsnummer.calc_check_digit2(nine + first) if first != "-" else "-"
    return None if "-" in first + second else nine + first + second


def danish(born: date, serial: int) -> str:
    """Ten digits, seldom with a right checksum (given up in 2007)."""
    return f"{born:%d%m%y}{serial:04}"


def finnish(born: date, serial: int, sign: int = 0) -> str:
    """Eleven characters; each century has several signs since 2023 (Digi- ja väestötietovirasto)."""
    signs = CENTURY_SIGNS[born.year // 100]
    day, three = f"{born:%d%m%y}", f"{2 + serial % 898:03}"
    return day + signs[sign % len(signs)] + three + HETU_CHECK[int(day + three) % 31]


def pair(two: str, language: str) -> str:
    """Two digits as one says them: "noll sju", "tolv", "trettiofyra", "fireogtyve"."""
    if two[0] == "0":
        return f"{DIGITS[language][0]} {DIGITS[language][int(two[1])]}"
    if two[0] == "1":
        return TEENS[language][int(two[1])]
    ten, unit = TENS[language][int(two[0]) - 2], DIGITS[language][int(two[1])] if two[1] != "0" else ""
    if language == "da":
        return f"{unit}og{ten}" if unit else ten
    return ten + unit


def said(text: str, language: str, *, in_pairs: bool) -> str:
    """Digits said singly or in pairs, letters and signs by name."""
    names = {"-": {"fi": "viiva"}.get(language, "streck" if language == "sv" else "strek"), "+": "plus"}
    words: list[str] = []
    runs = "".join(c if c.isdigit() else f" {c} " for c in text).split()
    for run in runs:
        if not run.isdigit():
            words.append(names.get(run, run.lower()))
        elif in_pairs and len(run) % 2 == 0:
            words += [pair(run[i : i + 2], language) for i in range(0, len(run), 2)]
        else:
            words += [DIGITS[language][int(digit)] for digit in run]
    return " ".join(words)


def spaced(text: str, *sizes: int) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return " ".join([*parts, text[start:]]).strip()


def swedish_forms(ten: str, century: int) -> dict[str, str]:
    born, last = ten[:6], ten[6:]
    return {
        "plain": ten,
        "dash": f"{born}-{last}",
        "plus": f"{born}+{last}",
        "en dash": f"{born}–{last}",
        "space": f"{born} {last}",
        "spaced dash": f"{born} - {last}",
        "pairs of digits": spaced(ten, 2, 2, 2, 2),
        "single digits": " ".join(ten),
        "with century": f"{century}{ten}",
        "with century and dash": f"{century}{born}-{last}",
        "with century, spaced": f"{century}{born[:2]} {born[2:4]} {born[4:]} {last}",
        "said": said(ten, "sv", in_pairs=False),
        "said in pairs": said(ten, "sv", in_pairs=True),
        "said with a dash": f"{said(born, 'sv', in_pairs=True)} streck {said(last, 'sv', in_pairs=False)}",
        "mixed": f"{born} {said(last, 'sv', in_pairs=True)}",
    }


def norwegian_forms(eleven: str) -> dict[str, str]:
    born, last = eleven[:6], eleven[6:]
    return {
        "plain": eleven,
        "space": f"{born} {last}",
        "dash": f"{born}-{last}",
        "spaced": spaced(eleven, 2, 2, 2, 3),
        "dotted date": f"{born[:2]}.{born[2:4]}.{born[4:]} {last}",
        "single digits": " ".join(eleven),
        "said": said(eleven, "nb", in_pairs=False),
        "said in pairs": f"{said(born, 'nb', in_pairs=True)} {said(last, 'nb', in_pairs=False)}",
        "mixed": f"{born} {said(last, 'nb', in_pairs=False)}",
    }


def danish_forms(ten: str) -> dict[str, str]:
    born, last = ten[:6], ten[6:]
    return {
        "plain": ten,
        "dash": f"{born}-{last}",
        "space": f"{born} {last}",
        "spaced dash": f"{born} - {last}",
        "spaced": spaced(ten, 2, 2, 2, 2),
        "single digits": " ".join(ten),
        "said": said(ten, "da", in_pairs=False),
        "said in pairs": said(ten, "da", in_pairs=True),
        "said with a dash": f"{said(born, 'da', in_pairs=True)} streg {said(last, 'da', in_pairs=True)}",
        "mixed": f"{born} {said(last, 'da', in_pairs=True)}",
    }


def finnish_forms(code: str) -> dict[str, str]:
    born, sign, last = code[:6], code[6], code[7:]
    return {
        "plain": code,
        "lower case": code.lower(),
        "spaced": f"{born} {sign} {last}",
        "space after the sign": f"{born}{sign} {last}",
        "space before the sign": f"{born} {sign}{last}",
        "letter apart": f"{born}{sign}{last[:3]} {last[3]}",
        "said": said(code, "fi", in_pairs=False),
        "said in pairs": said(code, "fi", in_pairs=True),
        "mixed": f"{born} {said(sign + last, 'fi', in_pairs=False)}",
    }


def conversation(carrier: tuple[str, ...], number: str, language: str) -> Conversation:
    speakers = (Speaker.AGENT, Speaker.CUSTOMER)[2 - len(carrier) :]
    turns = tuple(Turn(speaker=s, text=text.format(number)) for s, text in zip(speakers, carrier, strict=True))
    return Conversation(id="c", turns=turns, language=language)


def left_of(number: str, carrier: tuple[str, ...], text: str) -> set[str]:
    """Words of the number that are still in the text and are none of the carrier's own."""
    return (set(number.lower().split()) & set(text.lower().replace(",", " ").split())) - set(
        carrier[-1].lower().split()
    )


def assert_hidden(redactor: Redactor, forms: dict[str, str], language: str) -> None:
    cases = [(form, number, carrier) for form, number in forms.items() for carrier in CARRIERS[language]]
    results = redactor.redact_many([conversation(carrier, number, language) for _, number, carrier in cases])
    for (form, number, carrier), result in zip(cases, results, strict=True):
        text = result.conversation.turns[-1].text
        assert not left_of(number, carrier, text), (form, number, text)
        assert sum(c.isdigit() for c in text.replace("_1", "")) < NEXT_TO_NOTHING, (form, number, text)
        if carrier != CARRIERS[language][3]:
            assert PiiKind.NATIONAL_ID in {find.kind for find in result.finds}, (form, number, text)


@settings(max_examples=25, deadline=None)
@given(born=births, serial=st.integers(0, 999), coordination=st.booleans())
def test_swedish_identity_and_coordination_numbers_are_hidden_in_every_form(redactor, born, serial, coordination):
    ten = swedish(born, serial, coordination=coordination)
    assert coordination or personnummer.is_valid(f"{born.year // 100}{ten}")
    assert_hidden(redactor, swedish_forms(ten, born.year // 100), "sv")


@settings(max_examples=25, deadline=None)
@given(born=births, serial=st.integers(0, 999), d_number=st.booleans())
def test_norwegian_identity_and_d_numbers_are_hidden_in_every_form(redactor, born, serial, d_number):
    eleven = norwegian(born, serial, d_number=d_number)
    assume(eleven is not None)
    assert_hidden(redactor, norwegian_forms(eleven or ""), "nb")


@settings(max_examples=25, deadline=None)
@given(born=births, serial=st.integers(1, 9999))
@example(born=date(2000, 1, 10), serial=4010)
def test_danish_identity_numbers_are_hidden_in_every_form_whatever_their_checksum(redactor, born, serial):
    assert_hidden(redactor, danish_forms(danish(born, serial)), "da")


@settings(max_examples=25, deadline=None)
@given(born=births, serial=st.integers(0, 897), sign=st.integers(0, 5))
@example(born=date(2002, 7, 27), serial=114, sign=0)
@example(born=date(1988, 12, 3), serial=2, sign=0)  # ends in E, which after a number may also mean euros
def test_finnish_identity_codes_are_hidden_in_every_form_with_each_century_sign(redactor, born, serial, sign):
    code = finnish(born, serial, sign)
    assert hetu.is_valid(code)
    assert_hidden(redactor, finnish_forms(code), "fi")


def test_the_digits_of_an_identity_number_are_left_where_nothing_redacts_them():
    number = swedish(date(1988, 12, 3), 517)
    for form, written in swedish_forms(number, 19).items():
        for carrier in CARRIERS["sv"]:
            text = carrier[-1].format(written)
            assert left_of(written, carrier, text) or sum(c.isdigit() for c in text) >= NEXT_TO_NOTHING, form


def kinds_in(redactor: Redactor, text: str, language: str) -> set[PiiKind]:
    plain = conversation((text.replace("{", "").replace("}", ""),), "", language)
    return {find.kind for find in redactor.redact(plain).finds}


@settings(max_examples=60, deadline=None)
@given(first=st.sampled_from("235789"), middle=st.integers(20, 99), rest=st.integers(0, 999_999))
def test_a_swedish_organisation_number_is_no_persons(redactor, first, middle, rest):
    nine = f"{first}{rest % 10}{middle}{rest:06}"[:9]
    number = nine + luhn.calc_check_digit(nine)
    assume(orgnr.is_valid(number))
    for text in (f"vårt organisationsnummer är {number[:6]}-{number[6:]}", f"orgnr {number}", f"bolaget {number}"):
        assert PiiKind.NATIONAL_ID not in kinds_in(redactor, text, "sv"), text


@settings(max_examples=60, deadline=None)
@given(born=births, serial=st.integers(0, 999), digits=st.integers(10**6, 10**8 - 1))
def test_references_and_accounts_that_look_like_a_birth_date_are_told_by_their_word(redactor, born, serial, digits):
    kid = append_kid_check_digit(f"{born:%d%m%y}{serial:04}")
    accounts = [f"{born:%d%m%y}{serial:04}{check}" for check in range(10)]
    cases = [
        (f"OCR-numret är {append_ocr_check_digit(f'{born:%y%m%d}{serial:03}')}", "sv", PiiKind.PAYMENT_REFERENCE),
        (f"bankgiro {digits}", "sv", PiiKind.ACCOUNT),
        (f"KID {kid}", "nb", PiiKind.PAYMENT_REFERENCE),
    ]
    cases += [(f"konto {account}", "nb", PiiKind.ACCOUNT) for account in accounts if kontonr.is_valid(account)]
    for text, language, kind in cases:
        assert kinds_in(redactor, text, language) == {kind}, text


@settings(max_examples=60, deadline=None)
@given(day=births, amount=st.integers(100, 99_999), reading=st.integers(10_000, 99_999))
def test_readings_dates_and_amounts_are_no_numbers_of_persons(redactor, day, amount, reading):
    for text, language in (
        (f"mätarställningen är {reading} och fakturan på {amount} kr förfaller {day:%Y-%m-%d}", "sv"),
        (f"måleren viser {reading}, regningen er på {amount} kroner og forfaller {day:%d.%m.%Y}", "nb"),
        (f"måleren viser {reading}, regningen er på {amount} kr. og forfalder {day:%d/%m/%Y}", "da"),
        (f"mittarin lukema on {reading}, lasku {amount} euroa erääntyy {day.day}.{day.month}.{day.year}", "fi"),
    ):
        assert kinds_in(redactor, text, language) == set(), text
