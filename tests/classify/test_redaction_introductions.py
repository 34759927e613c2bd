"""Whoever presents himself, is greeted or signs is hidden, whatever his name; ordinary words elsewhere are not."""

from __future__ import annotations

import pytest

from classify.redaction.addresses import said_addresses
from classify.redaction.endings import end_of_identity, end_of_reference
from classify.redaction.introductions import introduced, signed_on
from classify.redaction.names import end_of_name, listed_names, streets
from classify.redaction.numbers import numbers
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.redaction.verdicts import verdict
from classify.redaction.wordlists import Listed, common_words, given, ordinary_words, plain_words, surname
from models.speech import Speaker
from models.values import Conversation, PiiKind, Turn


def called(text: str, language: str | None) -> list[str]:
    return [text[start:end] for start, end in introduced(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("sv", "hej zwantje jag ringer om fakturan", ["zwantje"]),
        ("sv", "ja hej jag heter qvidda och undrar en sak", ["qvidda"]),
        ("nb", "hallo per det gjelder strømmen", ["per"]),
        ("nb", "jeg heter kvimtor", ["kvimtor"]),
        ("da", "ja hej det er mie fra værkstedet", ["mie"]),
        ("da", "jeg hedder brizna", ["brizna"]),
        ("en", "hi zemoli is it the booking again", ["zemoli"]),
        ("en", "my name is orbella", ["orbella"]),
        ("fi", "no moi ahti. mulla ois asiaa", ["ahti"]),
        ("fi", "unto täällä päivää", ["unto"]),
        ("fi", "päivää, mä oon vieno", ["vieno"]),
    ],
)
def test_who_is_greeted_or_presents_himself_is_found_though_the_name_is_odd_or_a_word(
    language: str, text: str, names: list[str]
) -> None:
    assert called(text, language) == names


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "hej min faktura är fel"),
        ("sv", "hej räkningen har inte kommit"),
        ("nb", "hei det gjelder en regning"),
        ("da", "hej jeg ringer om min regning"),
        ("en", "hello my bill is wrong"),
        ("en", "hi there it's about the invoice"),
        ("fi", "hei laskussa on virhe"),
        ("fi", "moi toi lasku tuli taas"),
    ],
)
def test_what_follows_a_greeting_is_left_alone_where_it_is_no_name(language: str, text: str) -> None:
    assert called(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("sv", "lennart brunkvall jag ligger efter", "lennart brunkvall"),
        ("sv", "göran berg", "göran berg"),
        ("nb", "solveig ryttmo jeg var innom", "solveig ryttmo"),
        ("da", "jørgen storkeby her", "jørgen storkeby"),
        ("en", "ngozi esewale here", "ngozi esewale"),
        ("fi", "anu kivi täällä", "anu kivi"),
        ("fi", "esko haapasalmenniemi ja nyt", "esko haapasalmenniemi"),
        ("fi", "marianne af vällström. minulla on", "marianne af vällström"),
    ],
)
def test_a_surname_after_a_given_name_belongs_to_it_though_no_list_has_it(language: str, text: str, name: str) -> None:
    assert text[: end_of_name(text, 0, text.index(" "), language)] == name


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "lennart ringer igen"),
        ("nb", "solveig betalte regningen"),
        ("da", "jørgen siger nej"),
        ("en", "oliver called about it"),
        ("fi", "liisa maksoi laskun"),
    ],
)
def test_a_word_after_a_given_name_is_no_surname(language: str, text: str) -> None:
    first = text.index(" ")
    assert end_of_name(text, 0, first, language) == first


def test_what_is_an_ordinary_word_depends_on_the_language() -> None:
    assert given("toivo", "fi") is Listed.ORDINARY
    assert given("toivo", "sv") is Listed.SURE
    assert given("faktura", "sv") is Listed.NO


@pytest.mark.parametrize("name", ["oliverin", "eeliksen", "pekan", "markulle", "tapanilta"])
def test_finnish_given_names_are_known_in_their_cases(name: str) -> None:
    assert given(name, "fi") is Listed.SURE


def test_finnish_surnames_are_known_in_their_cases_and_ordinary_words_in_theirs_are_none() -> None:
    assert surname("kyllöselle", "fi") is Listed.SURE
    assert given("annan", "fi") is Listed.NO


def test_two_names_in_one_belong_together() -> None:
    text = "det står på per kristian där"
    assert [text[a:b] for a, b in listed_names(text, "sv")] == ["per kristian"]
    assert given("stig-björn", "sv") is Listed.SURE


def test_the_word_lists_are_told_apart() -> None:
    for language in ("sv", "nb", "da", "en", "fi"):
        assert common_words(language) <= ordinary_words(language)
        assert len(plain_words(language)) > 3000
    assert ordinary_words("no") == ordinary_words("nb")


def test_an_agent_s_opening_may_end_in_a_name_that_is_a_word() -> None:
    text = "maksa myöhemmin palvelu ahti"
    assert [text[a:b] for a, b in signed_on(text, "fi")] == ["ahti"]
    assert signed_on("kundtjänst vad gäller det", "sv") == []


@pytest.mark.parametrize(
    ("text", "street"),
    [("asun Kaivertie 5:ssä nyt", "Kaivertie 5:ssä"), ("osoite on koivukuja 12 B", "koivukuja 12 B")],
)
def test_a_house_number_in_a_case_of_finnish_belongs_to_the_street(text: str, street: str) -> None:
    assert [text[a:b] for a, b in streets(text)] == [street]


def test_a_number_goes_on_over_hundreds_where_it_is_known_to_be_a_reference() -> None:
    text = "bankgiro femtionio elva streck tvåhundra sex som jag har"
    assert text[: end_of_reference(text, text.index(" streck"), "sv")].endswith("tvåhundra sex")
    assert end_of_identity("nolla kaks yks pee ja", len("nolla kaks yks")) == len("nolla kaks yks pee")


def test_an_iban_spelt_out_is_an_account() -> None:
    (number,) = numbers("i e two nine a i b k nine three one one five two", "en")
    decided = verdict(number, "", "", "")
    assert decided is not None
    assert decided.kind is PiiKind.ACCOUNT


def test_a_long_number_in_groups_of_three_is_no_amount() -> None:
    (number,) = numbers("735 999 118 204 331", "sv")
    decided = verdict(number, "anl. ", "", "")
    assert decided is not None
    assert decided.kind is PiiKind.CUSTOMER_NUMBER


@pytest.mark.parametrize(
    ("language", "turns", "masked"),
    [
        (
            "fi",
            ("kuntokeskus ahti", "no moi ahti. lasku tuli"),
            ("kuntokeskus [PERSON_1]", "no moi [PERSON_1]. lasku tuli"),
        ),
        (
            "sv",
            ("kundtjänst hej", "jag bor på lingonstigen fyra björkvista"),
            ("kundtjänst hej", "jag bor på [ADDRESS]"),
        ),
    ],
)
def test_a_name_or_a_town_told_by_its_place_is_hidden(
    language: str, turns: tuple[str, ...], masked: tuple[str, ...]
) -> None:
    speakers = (Speaker.AGENT, Speaker.CUSTOMER)
    conversation = Conversation(
        id="c1",
        turns=tuple(Turn(speaker=who, text=text) for who, text in zip(speakers, turns, strict=True)),
        language=language,
    )
    redacted = Redactor.from_folder(REDACTION_WEIGHTS).redact(conversation)
    assert tuple(turn.text for turn in redacted.conversation.turns) == masked


@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        ("sv", "jag bor på sjötorp åtta b", "sjötorp åtta b"),
        ("sv", "det gäller granbacksvägen tolv sen i våras", "granbacksvägen tolv"),
        ("nb", "adressen er lyngmo tre b og det står på døra", "lyngmo tre b"),
        ("da", "det er fjordskrænten egekrogvej tohundredeogfire der", "egekrogvej tohundredeogfire"),
        ("en", "i live at marrow cottage twelve", "marrow cottage twelve"),
        ("fi", "osoite on suviranta kolme", "suviranta kolme"),
    ],
)
def test_a_place_with_a_number_said_after_it_is_an_address(language: str, text: str, address: str) -> None:
    assert [text[a:b] for a, b in said_addresses(text, language)] == [address]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "jag bor i norge två år till"),
        ("nb", "vi bor i byen tre måneder i året"),
        ("en", "we live at home five days a week"),
        ("fi", "osoite on väärä"),
    ],
)
def test_a_time_after_a_place_makes_no_address(language: str, text: str) -> None:
    assert said_addresses(text, language) == []


def test_two_parts_of_one_address_are_hidden_with_what_stands_between_them() -> None:
    said = Turn(speaker=Speaker.CUSTOMER, text="jag bor på Storgatan 12, lägenhet 4, 411 38 Göteborg")
    redacted = Redactor.from_folder(REDACTION_WEIGHTS).redact(Conversation(id="c", language="sv", turns=(said,)))
    assert redacted.conversation.turns[0].text == "jag bor på [ADDRESS]"
