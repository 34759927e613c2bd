"""Where on the way to having paid customers get stuck."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from insights.overview import overview
from insights.steps import payment_steps
from models.filters import Filter
from models.taxonomy import Reason, Step
from models.values import DocumentType, InvoiceEventKind

OCTOBER = Filter(since=date(2026, 10, 1), until=date(2026, 10, 31))
OCT_5 = date(2026, 10, 5)


@pytest.fixture
def letters(office):
    """20 invoices, 10 reminders, 5 collection notices; contacts about each, some linked to nothing."""
    version, reminder = office.version("A"), office.version("R", DocumentType.REMINDER)
    sent = office.invoices(12, OCT_5, version, payment_method="swish") + office.invoices(8, OCT_5, version)
    reminded = [
        office.event(one.invoice_id, InvoiceEventKind.REMINDED, date(2026, 10, 20), reminder) for one in sent[:10]
    ]
    collected = [office.event(one.invoice_id, InvoiceEventKind.COLLECTED, date(2026, 10, 30)) for one in sent[:5]]
    for document in sent[:6] + [None] * 2:
        office.contact(OCT_5, Reason.HOW_TO_PAY, document)
    for document in sent[10:13] + reminded[:5]:
        office.contact(date(2026, 10, 21), Reason.PAYMENT_EXTENSION, document)
    for document in collected:
        office.contact(date(2026, 10, 31), Reason.DEBT_COLLECTION, document)
    office.contact(OCT_5, Reason.NOT_BILLING)
    return office


def figures_of(steps):
    return {one.step: (one.documents, one.contacts, one.rate.count) for one in steps if one.contacts}


def test_each_step_counts_all_its_contacts_and_rates_those_about_documents_that_reach_it(letters):
    steps = payment_steps(letters.session, letters.organisation, OCTOBER).steps
    assert [one.step for one in steps] == list(Step)
    assert figures_of(steps) == {
        Step.CHOOSE_METHOD: (35, 8, 6),
        Step.REMIND: (15, 8, 5),
        Step.COLLECT: (5, 5, 5),
    }
    assert {one.step: one.rate.value for one in steps}[Step.COLLECT] == 1000


def test_the_steps_costs_add_up_to_the_cost_of_the_period(letters):
    steps = payment_steps(letters.session, letters.organisation, OCTOBER).steps
    whole = overview(letters.session, letters.organisation, OCTOBER).period.cost.amount
    assert sum(one.cost.amount for one in steps) == whole == Decimal("199.50")


def test_a_slice_has_the_documents_and_contacts_of_its_own_invoices(letters):
    slices = payment_steps(letters.session, letters.organisation, OCTOBER).slices
    found = {(one.dimension, one.key): figures_of(one.steps) for one in slices}
    assert found == {
        ("payment_method", "other"): {Step.REMIND: (0, 1, 0)},
        ("payment_method", "swish"): {
            Step.CHOOSE_METHOD: (27, 6, 6),
            Step.REMIND: (15, 7, 5),
            Step.COLLECT: (5, 5, 5),
        },
        ("template_version", "A"): {Step.CHOOSE_METHOD: (20, 6, 6), Step.REMIND: (0, 3, 0)},
        ("template_version", "R"): {Step.REMIND: (10, 5, 5)},
    }


def test_an_empty_database_has_every_step_at_nothing(office):
    found = payment_steps(office.session, office.organisation, Filter())
    assert [(one.documents, one.contacts) for one in found.steps] == [(0, 0)] * len(Step)
    assert found.slices == ()
