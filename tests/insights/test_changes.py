"""Change verdicts: what a new version did, and how seldom they are wrong."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from insights.changes import FOLLOW_UP_DAYS, change_verdicts, judge
from models.figures import Verdict
from models.filters import Filter
from models.taxonomy import Reason
from models.values import DocumentType

CHANGED = date(2026, 9, 1)
REASONS = 20


def families(effect, runs, seed, before=4000, after=4000):
    """Simulated changes: twenty reasons at 2 to 40 contacts per 1,000; the first one's rate times ``effect``."""
    random = np.random.default_rng(seed)
    rates = np.geomspace(0.002, 0.04, REASONS)[::-1]
    effects = np.ones(REASONS)
    effects[0] = effect
    for _ in range(runs):
        counts = zip(random.poisson(rates * before), random.poisson(rates * effects * after), strict=True)
        yield [judge(int(old), before, int(new), after, REASONS) for old, new in counts]


def test_without_any_effect_at_most_one_family_in_twenty_is_told_a_falsehood():
    runs = 100
    false = sum(
        any(one and one.verdict in {Verdict.BETTER, Verdict.WORSE} for one in family)
        for family in families(effect=1, runs=runs, seed=1)
    )
    assert false <= 0.05 * runs


def test_a_halving_is_found():
    found = [family[0].verdict for family in families(effect=0.5, runs=60, seed=2)]
    assert found.count(Verdict.BETTER) >= 54
    assert Verdict.WORSE not in found


def test_a_doubling_is_found_when_the_new_version_is_still_rare():
    found = [family[0].verdict for family in families(effect=2, runs=60, seed=3, after=1600)]
    assert found.count(Verdict.WORSE) >= 54


@pytest.mark.parametrize("effect", [0.5, 1, 1.7])
def test_the_interval_covers_the_truth_in_at_least_nineteen_of_twenty(effect):
    random, runs = np.random.default_rng(4), 500
    judged = [
        judge(int(random.poisson(60)), 3000, int(random.poisson(60 * effect / 2)), 1500, looked_at=1)
        for _ in range(runs)
    ]
    assert sum(one.low <= effect <= one.high for one in judged) >= 0.95 * runs


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((400, 10_000, 405, 10_000), Verdict.NO_DIFFERENCE),
        ((20, 10_000, 22, 10_000), Verdict.CANNOT_TELL),
        ((0, 10_000, 60, 10_000), Verdict.WORSE),
        ((60, 10_000, 0, 10_000), Verdict.BETTER),
    ],
)
def test_a_verdict_says_no_more_than_the_numbers(counts, verdict):
    assert judge(*counts, looked_at=20).verdict is verdict


def test_too_few_contacts_or_documents_are_not_judged():
    assert judge(2, 10_000, 2, 10_000, 1) is None
    assert judge(60, 10_000, 3, 4, 1) is None


def sent(office, version, days, per_day, contacts, **more):
    """``per_day`` documents on each day, of which ``contacts`` bring one contact two days later."""
    for day in days:
        documents = office.invoices(per_day, day, version, **more)
        for document in documents[:contacts]:
            office.contact(day + timedelta(days=2), Reason.PAYMENT_REFERENCE, document)


def days(first, number=5):
    return [first + timedelta(days=n) for n in range(number)]


@pytest.fixture
def versions(office):
    """B came into use on the first of September; the last contact is old enough for all of September's letters."""
    office.contact(date(2026, 10, 30), Reason.NOT_BILLING)
    return office.version("A"), office.version("B", valid_from=CHANGED)


def verdicts(office, filter=None):
    return {one.reason: one for one in change_verdicts(office.session, office.organisation, filter or Filter())}


def test_a_version_is_compared_with_the_one_that_it_replaced(office, versions):
    a, b = versions
    sent(office, a, days(date(2026, 8, 10)), per_day=20, contacts=1)
    sent(office, b, days(CHANGED), per_day=20, contacts=8)
    found = verdicts(office)
    assert set(found) == {None, Reason.PAYMENT_REFERENCE}
    one = found[Reason.PAYMENT_REFERENCE]
    assert (one.before, one.after, one.changed_on) == ("A", "B", CHANGED)
    assert (one.before_rate.count, one.before_rate.denominator) == (5, 100)
    assert (one.after_rate.count, one.after_rate.denominator) == (40, 100)
    assert (one.ratio, one.verdict) == (pytest.approx(8), Verdict.WORSE)
    assert 1 < one.low < 8 < one.high


def test_only_segments_that_both_went_to_are_compared(office, versions):
    a, b = versions
    sent(office, a, days(date(2026, 8, 10)), per_day=20, contacts=8, segment="business")
    sent(office, a, days(date(2026, 8, 10)), per_day=20, contacts=1, segment="consumer")
    sent(office, b, days(CHANGED), per_day=20, contacts=8, segment="business")
    one = verdicts(office)[None]
    assert (one.before_rate.denominator, one.ratio, one.verdict) == (100, 1, Verdict.CANNOT_TELL)


def test_where_both_go_out_side_by_side_only_the_same_weeks_are_compared(office, versions):
    a, b = versions
    sent(office, a, days(date(2026, 8, 10)), per_day=20, contacts=1)
    sent(office, a, days(CHANGED), per_day=20, contacts=8)
    sent(office, b, days(CHANGED), per_day=20, contacts=8)
    one = verdicts(office)[None]
    assert (one.before_rate.count, one.before_rate.denominator, one.ratio) == (40, 100, 1)


def test_documents_too_young_and_contacts_too_late_are_left_out(office, versions):
    a, b = versions
    sent(office, a, days(date(2026, 8, 10)), per_day=20, contacts=2)
    sent(office, b, days(CHANGED), per_day=20, contacts=2)
    late = office.invoice(CHANGED, b)
    office.contact(CHANGED + timedelta(days=FOLLOW_UP_DAYS), Reason.PAYMENT_REFERENCE, late)
    office.contact(CHANGED + timedelta(days=FOLLOW_UP_DAYS + 1), Reason.PAYMENT_REFERENCE, late)
    sent(office, b, days(date(2026, 10, 20)), per_day=20, contacts=8)
    one = verdicts(office)[None]
    assert (one.after_rate.count, one.after_rate.denominator) == (11, 101)


def test_a_bad_run_is_not_blamed_on_the_version(office, versions):
    a, b = versions
    sent(office, a, days(date(2026, 8, 3), 10), per_day=20, contacts=2)
    sent(office, b, days(CHANGED, 9), per_day=20, contacts=2)
    sent(office, b, [date(2026, 9, 20)], per_day=20, contacts=20)
    one = verdicts(office)[None]
    assert (one.after_rate.count, one.after_rate.denominator) == (18, 180)


def test_other_document_types_and_retired_versions_are_no_predecessors(office, versions):
    a, b = versions
    reminder = office.version("R", DocumentType.REMINDER)
    sent(office, reminder, days(date(2026, 8, 10)), per_day=5, contacts=1)
    sent(office, a, days(date(2026, 3, 1)), per_day=20, contacts=2)
    sent(office, b, days(CHANGED), per_day=20, contacts=2)
    assert verdicts(office) == {}


def test_an_empty_database_has_no_changes(office):
    assert change_verdicts(office.session, office.organisation, Filter()) == []
