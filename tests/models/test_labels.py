from enum import StrEnum

import pytest

from models.figures import Verdict
from models.labels import LANGUAGES, describe, label
from models.speech import Channel, Speaker
from models.taxonomy import Feature, Reason, ReasonGroup, Step
from models.values import DocumentType, InvoiceEventKind, PaymentMethod, PiiKind

LABELLED: tuple[type[StrEnum], ...] = (
    ReasonGroup,
    Reason,
    Feature,
    Step,
    DocumentType,
    PaymentMethod,
    Verdict,
    Channel,
    Speaker,
    InvoiceEventKind,
    PiiKind,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_has_a_short_name_of_its_own_in_every_language(language: str) -> None:
    for ids in LABELLED:
        names = [label(id, language) for id in ids]
        assert all(0 < len(name) <= 40 for name in names), ids
        assert len(set(names)) == len(names), ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_feature_and_step_is_described_in_one_sentence(language: str) -> None:
    for ids in (Reason, Feature, Step):
        for id in ids:
            sentence = describe(id, language)
            assert sentence.endswith(".") and sentence[0].isupper(), (id, sentence)


def test_the_same_id_as_reason_and_as_feature_keeps_its_own_name() -> None:
    assert label(Reason.PAYMENT_REFERENCE, "en") != label(Feature.PAYMENT_REFERENCE, "en")
    assert label(Feature.PAYMENT_REFERENCE, "sv") == "OCR-nummer"


def test_the_reference_is_called_what_each_country_calls_it() -> None:
    names = [label(Feature.PAYMENT_REFERENCE, language) for language in LANGUAGES]
    assert names == ["OCR-nummer", "KID-nummer", "Betalings-ID", "Viitenumero", "Payment reference"]


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="xx"):
        label(Step.OPEN, "xx")
