"""Why customers get in touch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from insights.overview import overview
from insights.reasons import count_by_reason, reason_detail
from models.filters import Filter
from models.taxonomy import Feature, Reason, ReasonGroup

OCTOBER = Filter(since=date(2026, 10, 1), until=date(2026, 10, 31))
OCT_5 = date(2026, 10, 5)


def test_a_contact_counts_once_at_its_primary_reason_and_is_raised_at_each(office):
    for _ in range(6):
        office.contact(OCT_5, Reason.PAYMENT_NOT_REGISTERED, also=(Reason.REMINDER_RECEIVED,))
    for _ in range(2):
        office.contact(OCT_5, Reason.REMINDER_RECEIVED)
    for _ in range(4):
        office.contact(OCT_5, Reason.NOT_BILLING)
    found = count_by_reason(office.session, office.organisation, OCTOBER)
    assert [(one.reason, one.contacts, one.raised) for one in found[:3]] == [
        (Reason.PAYMENT_NOT_REGISTERED, 6, 6),
        (Reason.NOT_BILLING, 4, 4),
        (Reason.REMINDER_RECEIVED, 2, 8),
    ]
    assert (found[0].share.value, found[0].share.denominator, found[0].group) == (50, 12, ReasonGroup.PAY)
    assert len(found) == len(Reason)
    assert sum(one.contacts for one in found) == 12


def test_the_reasons_costs_add_up_to_the_cost_of_the_period(office):
    for seconds in range(3, 300, 6):  # each of them a tie between two öre
        office.contact(OCT_5, list(Reason)[seconds % 26], seconds=seconds)
    found = count_by_reason(office.session, office.organisation, OCTOBER)
    whole = overview(office.session, office.organisation, OCTOBER).period.cost.amount
    by_hand = sum(
        (Decimal(s) * Decimal("9.50") / 60).quantize(Decimal("0.01"), "ROUND_HALF_UP") for s in range(3, 300, 6)
    )
    assert sum(one.cost.amount for one in found) == whole == by_hand


def test_the_period_before_is_counted_where_there_is_one(office):
    office.contact(date(2026, 9, 2), Reason.HOW_TO_PAY)
    office.contact(OCT_5, Reason.DUE_DATE)
    found = {one.reason: one for one in count_by_reason(office.session, office.organisation, OCTOBER)}
    assert (found[Reason.HOW_TO_PAY].contacts, found[Reason.HOW_TO_PAY].previous_contacts) == (0, 1)
    september = Filter(since=date(2026, 9, 1), until=date(2026, 9, 30))
    before = count_by_reason(office.session, office.organisation, september)
    assert {one.previous_contacts for one in before} == {None}


def test_a_reason_goes_by_weeks_and_spreads_over_every_dimension(office):
    version = office.version("A")
    document = office.invoice(date(2026, 9, 28), version)
    for _ in range(5):
        office.contact(OCT_5, Reason.HOW_TO_PAY, document, features=(Feature.PAYEE_ACCOUNT,), queue="billing")
    office.contact(
        date(2026, 10, 18), Reason.HOW_TO_PAY, features=(Feature.PAYEE_ACCOUNT, Feature.DUE_DATE), language="fi"
    )
    office.contact(OCT_5, Reason.DUE_DATE, also=(Reason.HOW_TO_PAY,))
    found = reason_detail(office.session, office.organisation, OCTOBER, Reason.HOW_TO_PAY)
    assert (found.figures.contacts, found.figures.raised) == (6, 7)
    assert [(one.week.isoformat(), one.contacts) for one in found.weeks] == [
        ("2026-09-28", 0),
        ("2026-10-05", 5),
        ("2026-10-12", 1),
    ]
    assert [(one.dimension, one.key, one.contacts) for one in found.breakdowns] == [
        ("feature", "payee_account", 6),
        ("feature", "due_date", 1),
        ("template_version", "A", 5),
        ("template_version", "unknown", 1),
        ("language", "sv", 5),
        ("language", "fi", 1),
        ("channel", "phone", 6),
        ("queue", "billing", 5),
        ("queue", "unknown", 1),
    ]
    assert found.breakdowns[0].share.denominator == 6


def test_a_reason_that_nobody_has_is_answered_with_nothing(office):
    found = reason_detail(office.session, office.organisation, Filter(), Reason.OVERPAYMENT)
    assert (found.figures.contacts, found.weeks, found.breakdowns) == (0, (), ())
