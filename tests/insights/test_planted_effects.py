"""The sample company's four planted effects (ingest/sample/README.md): three are found, the fourth is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from insights.alarms import bad_runs
from insights.changes import change_verdicts
from insights.conversations import list_conversations
from insights.overview import overview
from insights.reasons import count_by_reason
from insights.steps import payment_steps
from insights.templates import compare_versions, invoice_map, list_templates
from models.figures import ChangeVerdict, Verdict
from models.filters import Filter
from models.tables import OrganisationRow
from models.taxonomy import Feature, Reason

WRONG_TARIFF_ON = date(2026, 8, 12)
ALL = Filter(since=date(2026, 7, 1), until=date(2026, 10, 31))


@pytest.fixture
def session(sample_engine: Engine) -> Iterator[Session]:
    with Session(sample_engine) as session:
        yield session


@pytest.fixture
def company(session: Session) -> OrganisationRow:
    return session.scalars(select(OrganisationRow)).one()


def verdicts(session, company, after) -> dict[Reason | None, ChangeVerdict]:
    found = [one for one in change_verdicts(session, company, Filter()) if one.after == after]
    assert len({one.before for one in found}) == 1
    return {one.reason: one for one in found}


def test_the_version_that_hides_the_payment_reference_is_found(session, company):
    found = verdicts(session, company, "invoice-b")
    reference = found.pop(Reason.PAYMENT_REFERENCE)
    assert (reference.before, reference.verdict) == ("invoice-a", Verdict.WORSE)
    assert reference.low < 6 < reference.high
    assert not {Verdict.WORSE, Verdict.BETTER} & {one.verdict for reason, one in found.items() if reason}


def test_the_map_shows_where_on_the_page_it_is(session, company):
    rows = compare_versions(session, company, ALL, "invoice-a", "invoice-b")
    worst = max((row for row in rows if row.low is not None), key=lambda row: row.low)
    assert worst.feature is Feature.PAYMENT_REFERENCE
    assert worst.low > 5


def test_it_is_what_to_mend_first(session, company):
    first = overview(session, company, Filter()).mend_first[0]
    assert (first.template_version, first.feature) == ("invoice-b", Feature.PAYMENT_REFERENCE)


def test_the_wrong_tariff_run_is_found_and_no_other_day(session, company):
    alarms = bad_runs(session, company, Filter())
    assert {alarm.sent_on for alarm in alarms} == {WRONG_TARIFF_ON}
    assert alarms[0].reason is Reason.INCORRECT_INVOICE
    assert alarms[0].times_expected > 10


def test_the_reminder_that_halves_its_contacts_is_found(session, company):
    found = verdicts(session, company, "reminder-2")
    reminded = found.pop(Reason.REMINDER_RECEIVED)
    assert (reminded.before, reminded.verdict) == ("reminder-1", Verdict.BETTER)
    assert reminded.low < 0.5 < reminded.high
    assert not {Verdict.WORSE, Verdict.BETTER} & {one.verdict for reason, one in found.items() if reason}


def test_the_change_that_does_nothing_is_called_neither_better_nor_worse(session, company):
    found = verdicts(session, company, "invoice-c")
    assert found[None].before == "invoice-a"
    assert {one.verdict for one in found.values()} <= {Verdict.NO_DIFFERENCE, Verdict.CANNOT_TELL}


def test_the_samples_figures_reconcile(session, company):
    period = overview(session, company, ALL).period
    reasons = [one for one in count_by_reason(session, company, ALL) if one.reason is not Reason.NOT_BILLING]
    assert sum(one.contacts for one in reasons) == period.billing_contacts
    assert sum(one.cost.amount for one in reasons) == period.cost.amount
    assert sum(one.cost.amount for one in payment_steps(session, company, ALL).steps) == period.cost.amount
    templates = list_templates(session, company, ALL)
    assert sum(one.documents for one in templates) == period.per_thousand_documents.denominator
    assert sum(one.rate.count for one in templates) == period.per_thousand_documents.count


def test_every_rate_of_the_map_opens_as_many_conversations(session, company):
    found = invoice_map(session, company, ALL, "invoice-b")
    for one in found.features:
        behind = Filter(
            sent_since=ALL.since, sent_until=ALL.until, template_versions=("invoice-b",), features=(one.feature,)
        )
        assert list_conversations(session, company, behind, 0, 1).total == one.rate.count
