"""Names that no list knows are told by how they are written, and ordinary words with a capital are left alone."""

from __future__ import annotations

import pytest

from classify.redaction.capitals import is_no_name, names_by_capitals
from classify.redaction.names import end_of_name, streets


def found(text: str, language: str | None = "en") -> list[str]:
    spans = sorted(set(names_by_capitals(text, language)))
    return [text[a:b] for a, b in spans if not any(c <= a and b <= d for c, d in spans if (c, d) != (a, b))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("please add Irzenka Söröley to my account", ["Irzenka Söröley"]),
        ("I spoke to a colleague, Mashuto, yesterday", ["Mashuto"]),
        ("Orsolka has called you twice", ["Orsolka"]),
        ("Falisto Calabrizzi\n\n12 Rose Street", ["Falisto Calabrizzi"]),
        ("the letter went to Hauto-aho again", ["Hauto-aho"]),
    ],
)
def test_an_unknown_word_with_a_capital_within_an_english_sentence_is_a_name(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "I got the Final Reminder on Monday and the Direct Debit failed",
        "the invoice came from Northgrave Haulage Ltd again",
        "please add irzenka söröley to my account",
        "My bill is in Euro, is it not?",
    ],
)
def test_what_english_knows_firms_and_small_letters_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_in_other_languages_only_an_initial_between_two_names_tells() -> None:
    assert found("jag pratade med Zwantje om det", "sv") == []
    assert found("jag pratade med Zwantje B. Qvintros om det", "sv") == ["Zwantje B. Qvintros"]


def test_a_name_goes_on_over_an_initial_and_ends_at_a_genitive() -> None:
    text = "Ella H. Snidar called"
    assert text[: end_of_name(text, 0, len("Ella H"))] == "Ella H. Snidar"
    assert end_of_name("Ella's Account", 0, len("Ella's")) == len("Ella's")


def test_an_ordinary_word_is_no_name_and_a_listed_one_is() -> None:
    assert is_no_name("invoice", "This invoice is wrong")
    assert not is_no_name("anna", "This anna is wrong")


def test_flats_and_boxes_are_addresses_in_english() -> None:
    text = "I moved to Apt. 117, before that Suite 9 and P.O. Box 242"
    assert [text[start:end] for start, end in streets(text)] == ["Apt. 117", "Suite 9", "P.O. Box 242"]
