"""The first page: what billing contacts cost, what to mend first, and how it goes week by week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from insights.conversations import list_conversations
from insights.overview import overview
from models.errors import BadInput, BadSetting
from models.filters import Filter
from models.tables import OrganisationRow
from models.taxonomy import Feature, Reason, ReasonGroup
from models.values import DocumentType, InvoiceEventKind

OCTOBER = Filter(since=date(2026, 10, 1), until=date(2026, 10, 31))
OCT_5 = date(2026, 10, 5)
SEP_28 = date(2026, 9, 28)


def test_an_empty_database_answers_with_nothing_instead_of_failing(office):
    found = overview(office.session, office.organisation, Filter())
    assert (found.period.contacts, found.period.cost.amount, found.previous) == (0, Decimal(0), None)
    assert (found.mend_first, found.trend, found.releases) == ((), (), ())
    assert found.freshness.newest_conversation is None


def test_the_default_period_is_the_last_full_month_with_conversations(office):
    for on in (date(2026, 7, 30), OCT_5, date(2026, 11, 12)):
        office.contact(on, Reason.HOW_TO_PAY)
    found = overview(office.session, office.organisation, Filter())
    assert (found.period.since, found.period.until) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (found.previous.since, found.previous.until) == (date(2026, 9, 1), date(2026, 9, 30))
    assert (found.period.contacts, found.previous.contacts) == (1, 0)


@pytest.mark.parametrize(("newest", "month"), [(date(2026, 10, 29), 10), (date(2026, 10, 27), 9)])
def test_a_month_is_full_when_only_a_weekend_is_missing(office, newest, month):
    office.contact(date(2026, 9, 15), Reason.HOW_TO_PAY)
    office.contact(newest, Reason.HOW_TO_PAY)
    assert overview(office.session, office.organisation, Filter()).period.since.month == month


def test_there_is_no_previous_period_where_the_data_starts_too_late(office):
    office.contact(date(2026, 9, 10), Reason.HOW_TO_PAY)
    office.contact(OCT_5, Reason.HOW_TO_PAY)
    assert overview(office.session, office.organisation, OCTOBER).previous is None


def test_a_period_that_is_no_month_is_compared_with_as_many_days(office):
    office.contact(date(2026, 1, 1), Reason.HOW_TO_PAY)
    ten_days = Filter(since=date(2026, 10, 11), until=date(2026, 10, 20))
    found = overview(office.session, office.organisation, ten_days).previous
    assert (found.since, found.until) == (date(2026, 10, 1), date(2026, 10, 10))


def test_a_period_that_ends_before_it_starts_is_refused(office):
    with pytest.raises(BadInput, match="starts on 2026-10-31"):
        overview(office.session, office.organisation, Filter(since=date(2026, 10, 31), until=date(2026, 10, 1)))


def test_a_day_is_a_day_in_utc(office):
    office.contact(datetime(2026, 10, 1, 0, 0, tzinfo=UTC), Reason.HOW_TO_PAY)
    office.contact(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), Reason.HOW_TO_PAY)
    office.contact(datetime(2026, 11, 1, 0, 0, tzinfo=UTC), Reason.HOW_TO_PAY)
    found = overview(office.session, office.organisation, OCTOBER)
    assert found.period.contacts == 2
    assert {point.week for point in found.trend if point.contacts} == {date(2026, 9, 28), date(2026, 10, 26)}


def test_cost_is_minutes_times_the_cost_of_a_minute_for_billing_contacts_only(office):
    office.contact(OCT_5, Reason.HOW_TO_PAY, seconds=90)
    office.contact(OCT_5, Reason.DUE_DATE, seconds=33)
    office.contact(OCT_5, Reason.NOT_BILLING, seconds=6000)
    found = overview(office.session, office.organisation, OCTOBER).period
    assert (found.contacts, found.billing_contacts) == (3, 2)
    assert found.cost.amount == Decimal("19.48")  # 14.25 + 5.225, each rounded half up to the öre
    assert found.cost.low == Decimal(0)
    assert found.cost.high == Decimal("49.23")  # 19.48 + 1.96 × √(14.25² + 5.23²)
    assert found.cost.currency == "SEK"


def test_a_contact_without_handling_time_costs_what_its_channels_mean_contact_does(office):
    office.contact(OCT_5, Reason.HOW_TO_PAY, seconds=60)
    office.contact(OCT_5, Reason.HOW_TO_PAY, seconds=180)
    office.contact(OCT_5, Reason.HOW_TO_PAY, seconds=600, channel="chat")
    office.contact(OCT_5, Reason.DUE_DATE, seconds=None)
    office.contact(OCT_5, Reason.DUE_DATE, seconds=None, channel="email")
    only = OCTOBER.model_copy(update={"reasons": (Reason.DUE_DATE,)})
    # Phone: 120 seconds, 19.00; e-mail has none of its own, so the mean of all, 280 seconds, 44.33.
    assert overview(office.session, office.organisation, only).period.cost.amount == Decimal("63.33")


def test_without_a_cost_per_minute_the_setting_to_mend_is_named(office):
    bare = OrganisationRow(id=office.organisation.id, currency="SEK", cost_per_minute=None)
    with pytest.raises(BadSetting, match="TYDLIG_COST_PER_MINUTE"):
        overview(office.session, bare, OCTOBER)


def test_the_rate_is_of_documents_sent_in_the_period_and_of_contacts_about_exactly_these(office):
    october = office.invoices(10, OCT_5)
    september = office.invoice(SEP_28)
    for document in october[:6]:
        office.contact(date(2026, 11, 2), Reason.HOW_TO_PAY, document)
    office.contact(OCT_5, Reason.HOW_TO_PAY, september)
    office.contact(OCT_5, Reason.HOW_TO_PAY)
    found = overview(office.session, office.organisation, OCTOBER)
    assert (found.period.per_thousand_documents.count, found.period.per_thousand_documents.denominator) == (6, 10)
    assert found.period.per_thousand_documents.value == 600
    assert found.period.billing_contacts == 2
    assert (found.linked.count, found.linked.denominator) == (1, 2)


def test_only_the_best_link_and_the_current_tagging_count(office):
    one, other = office.invoice(OCT_5), office.invoice(OCT_5)
    contact = office.contact(OCT_5, Reason.HOW_TO_PAY, one)
    office.link(contact, other, best=False)
    office.superseded(contact, Reason.NOT_BILLING)
    found = overview(office.session, office.organisation, OCTOBER).period
    assert (found.contacts, found.billing_contacts, found.per_thousand_documents.count) == (1, 1, 1)


def test_another_organisations_rows_are_never_counted(office, other_office):
    other = other_office.invoice(OCT_5, other_office.version("A"))
    other_office.contact(OCT_5, Reason.HOW_TO_PAY, other)
    found = overview(office.session, office.organisation, OCTOBER)
    assert (found.period.contacts, found.period.per_thousand_documents.denominator) == (0, 0)
    assert (found.releases, found.freshness.newest_document) == ((), None)


def test_paid_late_looks_at_invoices_that_fell_due_and_were_asked_about_before(office):
    due = {"due_on": date(2026, 10, 20)}
    in_time, late, unpaid, booked = (office.invoice(SEP_28, **due) for _ in range(4))
    asked_late, next_month = office.invoice(SEP_28, **due), office.invoice(SEP_28, due_on=date(2026, 11, 1))
    office.event(in_time.invoice_id, InvoiceEventKind.PAID, date(2026, 10, 20))
    office.event(late.invoice_id, InvoiceEventKind.PAID, date(2026, 10, 21))
    office.pay(booked.invoice_id, date(2026, 10, 19))
    for document in (in_time, late, late, unpaid, booked, next_month):
        office.contact(SEP_28, Reason.HOW_TO_PAY, document)
    office.contact(date(2026, 10, 21), Reason.REMINDER_RECEIVED, asked_late)
    found = overview(office.session, office.organisation, OCTOBER).period.paid_late_after_contact
    assert (found.count, found.denominator) == (2, 4)


def test_nothing_is_called_late_where_no_payment_is_known(office):
    office.contact(SEP_28, Reason.HOW_TO_PAY, office.invoice(SEP_28, due_on=date(2026, 10, 20)))
    assert overview(office.session, office.organisation, OCTOBER).period.paid_late_after_contact.denominator == 0


def test_what_to_mend_first_divides_a_contacts_cost_among_its_features(office):
    version = office.version("B")
    sent = office.invoices(100, OCT_5, version)
    reference, account = Feature.PAYMENT_REFERENCE, Feature.PAYEE_ACCOUNT
    for document in sent[:6]:
        office.contact(OCT_5, Reason.PAYMENT_REFERENCE, document, features=(reference,))
    for document in sent[6:11]:
        office.contact(OCT_5, Reason.HOW_TO_PAY, document, features=(reference, account), seconds=120)
    first, second = overview(office.session, office.organisation, OCTOBER).mend_first
    assert (first.feature, first.contacts, first.rate.value, first.top_reason) == (
        reference,
        11,
        110,
        "payment_reference",
    )
    assert first.monthly_cost.amount == Decimal("104.50")  # 6 × 9.50 + 5 × 19.00 ÷ 2
    assert (second.feature, second.contacts, second.monthly_cost.amount) == (account, 5, Decimal("47.50"))
    assert (second.template_version, second.document_type) == ("B", DocumentType.INVOICE)


def test_what_is_too_rare_to_tell_is_not_to_be_mended_first(office):
    version = office.version("A")
    sent = office.invoices(10, OCT_5, version)
    for document in sent[:4]:
        office.contact(OCT_5, Reason.HOW_TO_PAY, document, features=(Feature.PAYEE_ACCOUNT,), seconds=36_000)
    assert overview(office.session, office.organisation, OCTOBER).mend_first == ()


def test_a_quarters_cost_is_stated_by_the_month(office):
    version = office.version("A")
    sent = office.invoices(10, OCT_5, version)
    for document in sent[:6]:
        office.contact(OCT_5, Reason.HOW_TO_PAY, document, features=(Feature.PAYEE_ACCOUNT,))
    quarter = Filter(since=date(2026, 8, 1), until=date(2026, 10, 31))
    assert overview(office.session, office.organisation, quarter).mend_first[0].monthly_cost.amount == Decimal("19.00")


def test_the_trend_has_every_week_and_group_with_the_documents_sent(office):
    office.invoice(SEP_28)
    office.invoice(date(2026, 10, 4))
    office.contact(date(2026, 10, 4), Reason.HOW_TO_PAY)
    office.contact(date(2026, 10, 12), Reason.PAYMENT_FAILED)
    office.contact(date(2026, 10, 12), Reason.NOT_BILLING)
    trend = overview(office.session, office.organisation, OCTOBER).trend
    assert len(trend) == 3 * 6
    pay = [(point.week, point.contacts, point.documents) for point in trend if point.group is ReasonGroup.PAY]
    assert pay == [(SEP_28, 1, 2), (OCT_5, 0, 0), (date(2026, 10, 12), 1, 0)]
    assert ReasonGroup.OTHER not in {point.group for point in trend}


def test_releases_are_the_versions_that_came_into_use_inside_the_data(office):
    old, new = office.version("A", valid_from=date(2020, 1, 1)), office.version("B", valid_from=OCT_5)
    office.invoice(SEP_28, old)
    office.invoice(OCT_5 + timedelta(days=1), new)
    office.version("C", valid_from=date(2030, 1, 1))
    [release] = overview(office.session, office.organisation, Filter()).releases
    assert (release.on, release.template_version) == (OCT_5, "B")


def test_a_filter_counts_the_contacts_that_hold_what_it_asks_for(office):
    version = office.version("A")
    old, new = office.invoice(SEP_28, version), office.invoice(OCT_5, version, segment="business")
    reminder = office.event(old.invoice_id, InvoiceEventKind.REMINDED, date(2026, 10, 1))
    office.contact(OCT_5, Reason.HOW_TO_PAY, old, also=(Reason.DUE_DATE,), queue="billing")
    office.contact(OCT_5, Reason.DUE_DATE, new, features=(Feature.DUE_DATE,), language="fi")
    office.contact(OCT_5, Reason.HOW_TO_PAY, channel="chat")
    office.contact(OCT_5, Reason.REMINDER_RECEIVED, reminder)
    for narrowed, count in [
        ({"languages": ("sv",)}, 3),
        ({"channels": ("chat",)}, 1),
        ({"queues": ("billing",)}, 1),
        ({"reasons": (Reason.DUE_DATE,)}, 2),
        ({"features": (Feature.DUE_DATE,)}, 1),
        ({"steps": ("choose_method",)}, 2),
        ({"template_versions": ("A",)}, 2),
        ({"document_types": (DocumentType.INVOICE,)}, 2),
        ({"document_types": (DocumentType.REMINDER,)}, 1),
        ({"segments": ("business",)}, 1),
        ({"sent_since": OCT_5}, 1),
        ({"sent_until": SEP_28}, 1),
        ({"sent_since": SEP_28, "sent_until": OCT_5, "languages": ("fi",)}, 1),
    ]:
        asked = OCTOBER.model_copy(update=narrowed)
        assert list_conversations(office.session, office.organisation, asked, 0, 50).total == count, narrowed
