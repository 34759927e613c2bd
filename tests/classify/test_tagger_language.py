"""Telling the five languages apart, and saying so when it is none of them."""

from __future__ import annotations

import pytest

from classify.fast import load_fast
from classify.tagger import WEIGHTS

detect = load_fast(WEIGHTS / "fast").languages.detect

OWN = [
    ("sv", "Hej, jag undrar varför min faktura är så mycket högre den här månaden än förra."),
    ("nb", "Hei, jeg lurer på hvorfor fakturaen min er så mye høyere denne måneden enn forrige."),
    ("da", "Hej, jeg vil gerne vide, hvorfor min regning er så meget højere i denne måned."),
    ("fi", "Hei, miksi laskuni on tässä kuussa niin paljon suurempi kuin viime kuussa?"),
    ("en", "Hi, I was wondering why my bill is so much higher this month than last."),
    ("nb", "Når må jeg senest betale den siste regningen?"),
    ("da", "Hvornår skal jeg senest betale den sidste regning?"),
]
FOREIGN = [
    "Guten Tag, ich habe meine Rechnung für den letzten Monat noch nicht bekommen, können Sie mir helfen?",
    "Hola, no entiendo por qué la factura de este mes es mucho más alta que la anterior.",
    "Dzień dobry, nie rozumiem, dlaczego mój rachunek jest w tym miesiącu taki wysoki.",
    "Bonjour, je voudrais savoir pourquoi ma facture est tellement plus élevée ce mois-ci.",
    "Goedemiddag, ik begrijp niet waarom mijn rekening deze maand zo veel hoger is.",
    "Здравствуйте, почему мой счёт в этом месяце такой большой?",
]


@pytest.mark.parametrize(("language", "text"), OWN)
def test_each_of_the_five_languages_is_recognised(language: str, text: str) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize("text", FOREIGN)
def test_a_foreign_language_is_not_guessed_at(text: str) -> None:
    assert detect(text)[0] == "und"


@pytest.mark.parametrize("text", ["", "123 456", "ok", "[PERSON_1] [PHONE]"])
def test_too_little_text_is_undetermined_and_unsure(text: str) -> None:
    assert detect(text) == ("und", 0.0)


def test_placeholders_and_numbers_do_not_sway_the_language() -> None:
    text = "Hei, miksi laskuni on niin suuri?"
    assert detect(f"[PERSON_1] 12345 {text} [PAYMENT_REFERENCE]") == detect(text)


def test_a_very_long_text_is_as_sure_as_its_beginning() -> None:
    text = OWN[0][1] + " "
    assert detect(text * 20_000) == detect(text * 200)
