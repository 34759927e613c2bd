"""Bad runs: a day's documents that brought far more contacts of one reason than their like."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from insights.alarms import bad_runs, excesses
from insights.cohorts import Cohorts, Run
from models.filters import Filter
from models.taxonomy import Reason

BAD_DAY = date(2026, 10, 7)
DAYS = [BAD_DAY + timedelta(days=n) for n in range(-2, 4)]


@pytest.fixture
def runs(office):
    """Six days of 20 invoices each; one contact a day about a wrong invoice, and twelve about the bad day's."""
    version = office.version("A")
    for day in DAYS:
        sent = office.invoices(20, day, version)
        for document in sent[: 12 if day == BAD_DAY else 1]:
            office.contact(day + timedelta(days=3), Reason.INCORRECT_INVOICE, document)
        for document in sent[:6]:
            office.contact(day + timedelta(days=3), Reason.HOW_TO_PAY, document)
    return office


def test_a_bad_run_is_found_with_what_was_expected(runs):
    [alarm] = bad_runs(runs.session, runs.organisation, Filter())
    assert (alarm.sent_on, alarm.template_version, alarm.reason) == (BAD_DAY, "A", Reason.INCORRECT_INVOICE)
    assert (alarm.documents, alarm.contacts) == (20, 12)
    assert alarm.expected == pytest.approx(5.5 / 100 * 20)
    assert alarm.times_expected == pytest.approx(12 / 1.1)
    assert alarm.p_value < 0.05 / (6 * 26)


def test_the_period_says_which_days_are_judged_not_which_are_compared_with(runs):
    on_the_day = Filter(since=BAD_DAY, until=BAD_DAY)
    assert [alarm.sent_on for alarm in bad_runs(runs.session, runs.organisation, on_the_day)] == [BAD_DAY]
    after = Filter(since=BAD_DAY + timedelta(days=1))
    assert bad_runs(runs.session, runs.organisation, after) == []


def test_a_versions_only_day_has_nothing_to_be_compared_with(office):
    version = office.version("A")
    for _ in range(20):
        office.contact(BAD_DAY, Reason.INCORRECT_INVOICE, office.invoice(BAD_DAY, version))
    assert bad_runs(office.session, office.organisation, Filter()) == []


def test_an_empty_database_alarms_nobody(office):
    assert bad_runs(office.session, office.organisation, Filter()) == []


def table(random, bad_rate=None):
    """Forty days of 400 documents; twenty reasons at 0.5 to 20 contacts per 1,000, and one day's first at another."""
    found = Cohorts()
    for n in range(40):
        run = Run(version=1, segment=None, on=BAD_DAY + timedelta(days=n))
        rates = np.geomspace(0.0005, 0.02, 20)
        rates[0] = bad_rate if bad_rate and n == 20 else rates[0]
        found.sent[run] = 400
        for reason, count in zip(Reason, random.poisson(rates * 400), strict=False):
            found.about[run, reason] = int(count)
    return found


def test_clean_tables_raise_an_alarm_at_most_once_in_twenty():
    random, tables = np.random.default_rng(5), 100
    assert sum(bool(list(excesses(table(random)))) for _ in range(tables)) <= 0.05 * tables


def test_a_run_that_brings_thirteen_contacts_in_place_of_none_is_found():
    random = np.random.default_rng(6)
    found = [[one.on for one in excesses(table(random, bad_rate=0.0325))] for _ in range(40)]
    assert found.count([BAD_DAY + timedelta(days=20)]) >= 36


def test_twice_the_expected_is_no_run_to_stop_however_sure():
    found = Cohorts()
    for n in range(10):
        run = Run(version=1, segment=None, on=BAD_DAY + timedelta(days=n))
        found.sent[run], found.about[run, Reason.HOW_TO_PAY] = 10_000, 2000 if n == 5 else 1000
    assert list(excesses(found)) == []
