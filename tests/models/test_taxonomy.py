"""The taxonomy is complete: each reason has one group and, unless it is not about billing, one step."""

from __future__ import annotations

from models.taxonomy import EN16931_TERMS, GROUP_OF_REASON, STEP_OF_REASON, Feature, Reason


def test_every_reason_belongs_to_one_group() -> None:
    assert set(GROUP_OF_REASON) == set(Reason)


def test_every_reason_but_not_billing_leads_to_one_step() -> None:
    assert set(STEP_OF_REASON) == set(Reason) - {Reason.NOT_BILLING}


def test_only_what_the_standard_has_no_term_for_lacks_one() -> None:
    assert set(Feature) - set(EN16931_TERMS) == {
        Feature.DELIVERY_CHANNEL,
        Feature.REMINDER_NOTICE,
        Feature.COLLECTION_NOTICE,
    }
