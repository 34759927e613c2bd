import pytest

from dashboard.because import LINKS, OF_WORDS, of_link, of_words
from dashboard.language import Texts
from ingest import linking
from models.labels import LANGUAGES
from models.tags import Evidence
from models.values import PiiKind
from tests.dashboard.test_texts import plain

HOW = {
    "given": (PiiKind.INVOICE_NUMBER,),
    "said": (PiiKind.INVOICE_NUMBER, PiiKind.PAYMENT_REFERENCE),
    "repaired": (PiiKind.PAYMENT_REFERENCE,),
}
"""Which numbers an import finds in which way."""


def found(because: str) -> Evidence:
    return Evidence(turn=0, start=0, end=1, score=0.93, because=because)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_the_linking_gives_is_told_in_the_readers_language(language: str) -> None:
    given = {linking._HOW[how][1].format(kind.replace("_", " ")) for how, kinds in HOW.items() for kind in kinds}
    given |= {linking._fading(1, linking.WINDOW * share).because for share in (0.05, 0.3, 0.9)}
    assert given == set(LINKS)
    assert set(HOW) == set(linking._HOW)
    told = {of_link(Texts(language), because) for because in given}
    assert len(told) == len(given)
    assert not any("_" in words for words in told)


def test_the_weight_of_words_is_told_without_the_models_names() -> None:
    told = of_words(Texts("sv"), found(f"{OF_WORDS}0.93 for payment_reference"))
    assert plain(told) == "de här orden pekar starkast på det (93 %)"


def test_a_reason_that_is_not_known_is_shown_as_it_is() -> None:
    assert of_words(Texts("sv"), found("says so")) == "says so"
    assert of_link(Texts("sv"), "the same name") == "the same name"
