"""The figures by which taggings are judged, on cases small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from classify.scoring import Judged, Labelled, calibration_error, score
from models.speech import Speaker
from models.tags import FeatureTag, ReasonTag, Tagging
from models.taxonomy import Feature, Reason, Step
from models.values import Turn

FEES, COPY, OTHER = Reason.FEES_AND_VAT, Reason.INVOICE_COPY, Reason.NOT_BILLING


def judged(
    true: Reason,
    said: Reason,
    *,
    text: str = "hej",
    after: str = "hej",
    pii: Sequence[str] = (),
    confidence: float = 1.0,
) -> Judged:
    gold = {"primary": true, "reasons": [true], "features": ["fees"], "step": "open", "pii": [{"text": p} for p in pii]}
    return Judged(
        Labelled.model_validate({"id": "1", "turns": [{"text": text}], "gold": gold}),
        Tagging(
            primary=said,
            confidence=confidence,
            reasons=(ReasonTag(id=said, confidence=confidence),),
            features=(FeatureTag(id=Feature.FEES, confidence=1), FeatureTag(id=Feature.VAT, confidence=1)),
            step=Step.OPEN,
            language="sv",
            model_version="0",
        ),
        [Turn(speaker=Speaker.CUSTOMER, text=after)],
    )


def test_the_primary_reason_is_counted_once_a_conversation_and_averaged_once_a_reason() -> None:
    scores = score([judged(FEES, FEES), judged(FEES, FEES), judged(COPY, FEES), judged(COPY, COPY)])
    assert scores.primary_acc == 3 / 4
    assert scores.primary_f1 == pytest.approx((2 * 2 / 5 + 2 * 1 / 3) / 2)
    assert scores.reasons_f1 == 3 / 4


def test_billing_is_every_reason_but_not_billing() -> None:
    scores = score([judged(FEES, COPY), judged(COPY, OTHER), judged(OTHER, FEES), judged(OTHER, OTHER)])
    assert scores.billing_f1 == 1 / 2


def test_a_part_too_many_costs_precision() -> None:
    assert score([judged(FEES, FEES)]).features_f1 == pytest.approx(2 / 3)
    assert score([judged(FEES, FEES)]).step_acc == 1


def test_confidence_that_is_kept_is_no_error() -> None:
    points = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert calibration_error(points) == 0
    assert calibration_error([(0.9, False)]) == pytest.approx(0.9)
    assert calibration_error([(1.0, True), (0.05, False)]) == pytest.approx(0.025)


def test_a_string_counts_as_hidden_only_when_no_telling_word_of_it_is_left() -> None:
    text, pii = "Jag heter Anna Lind och bor på Ekgatan 4", ["Anna Lind", "Ekgatan 4"]
    half = score([judged(FEES, FEES, text=text, after="Jag heter [PERSON] Lind och bor på [ADDRESS]", pii=pii)])
    assert half.pii_recall == 1 / 2
    assert half.kept == 1


def test_a_word_of_a_name_that_stands_elsewhere_in_the_turn_betrays_nothing() -> None:
    scores = score(
        [judged(FEES, FEES, text="Sol Ek undrar över sol el", after="[PERSON] undrar över sol el", pii=["Sol Ek"])]
    )
    assert scores.pii_recall == 1


def test_words_taken_out_for_nothing_count_against_redaction() -> None:
    assert score([judged(FEES, FEES, text="min faktura kom", after="min [PERSON] kom")]).kept == 2 / 3
    assert score([judged(FEES, FEES)]).pii_recall is None
