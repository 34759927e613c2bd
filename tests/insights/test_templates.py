"""The invoice map: contacts per 1,000 documents sent, by version and feature."""

from __future__ import annotations

from datetime import date

import pytest

from insights.templates import compare_versions, invoice_map, list_templates, page_image
from models.errors import NotFound
from models.filters import Filter
from models.taxonomy import Feature, Reason
from models.values import DocumentType, InvoiceEventKind

OCTOBER = Filter(since=date(2026, 10, 1), until=date(2026, 10, 31))
OCT_5 = date(2026, 10, 5)
REFERENCE, DUE, LINE = Feature.PAYMENT_REFERENCE, Feature.DUE_DATE, Feature.LINE_ITEM


@pytest.fixture
def letters(office):
    """100 invoices of A with 5 contacts about the reference, 50 of B, which hides it, with 20; a reminder on one."""
    a = office.version("A", zones=(REFERENCE, DUE), pages=(b"front", b"back"))
    b = office.version("B", zones=(DUE,), valid_from=date(2026, 10, 1))
    reminder = office.version("R", DocumentType.REMINDER)
    sent_a, sent_b = office.invoices(100, OCT_5, a), office.invoices(50, OCT_5, b)
    for document in sent_a[:5] + sent_b[:20]:
        office.contact(date(2026, 11, 3), Reason.PAYMENT_REFERENCE, document, features=(REFERENCE,))
    for document in sent_b[:6]:
        office.contact(OCT_5, Reason.UNKNOWN_CHARGE, document, features=(LINE, DUE))
    office.contact(OCT_5, Reason.NOT_BILLING, sent_a[0])
    office.contact(OCT_5, Reason.PAYMENT_REFERENCE, features=(REFERENCE,))
    office.event(sent_a[0].invoice_id, InvoiceEventKind.REMINDED, date(2026, 10, 30), reminder)
    office.invoice(date(2026, 9, 30), a)
    return office


def test_a_version_counts_its_documents_and_the_billing_contacts_about_them(letters):
    a, b, reminder = list_templates(letters.session, letters.organisation, OCTOBER)
    assert [a.name, b.name, reminder.name] == ["A", "B", "R"]
    assert (a.documents, a.rate.count, a.rate.value) == (100, 5, 50)
    assert (b.documents, b.rate.count, b.rate.value) == (50, 26, 520)
    assert (reminder.documents, reminder.rate.too_few) == (1, True)
    assert (a.pages, b.pages, a.payment_methods) == (2, 0, ("bank_transfer",))


def test_the_list_holds_only_what_the_filter_names(letters):
    only = OCTOBER.model_copy(update={"document_types": (DocumentType.REMINDER,)})
    assert [one.name for one in list_templates(letters.session, letters.organisation, only)] == ["R"]
    only = OCTOBER.model_copy(update={"template_versions": ("B",)})
    assert [one.name for one in list_templates(letters.session, letters.organisation, only)] == ["B"]


def test_a_map_has_the_rate_of_each_feature_shown_or_asked_about(letters):
    b = invoice_map(letters.session, letters.organisation, OCTOBER, "B")
    rates = {one.feature: (one.shown, one.rate.count, one.rate.value) for one in b.features}
    assert rates == {DUE: (True, 6, 120), REFERENCE: (False, 20, 400), LINE: (False, 6, 120)}
    assert [zone.feature for zone in b.zones] == [DUE]


def test_a_reason_filter_narrows_the_contacts_and_not_the_documents(letters):
    only = OCTOBER.model_copy(update={"reasons": (Reason.UNKNOWN_CHARGE,)})
    b = invoice_map(letters.session, letters.organisation, only, "B")
    assert (b.template.documents, b.template.rate.count) == (50, 6)


def test_two_versions_side_by_side_have_the_difference_of_each_feature(letters):
    rows = compare_versions(letters.session, letters.organisation, OCTOBER, "A", "B")
    due, reference, line = rows
    assert [row.feature for row in rows] == [DUE, REFERENCE, LINE]
    assert (reference.first.rate.value, reference.second.rate.value) == (50, 400)
    assert reference.difference == pytest.approx(350)
    assert 0 < reference.low < 350 < reference.high
    assert (reference.first.shown, reference.second.shown) == (True, False)
    assert (line.first.shown, line.first.rate.count, line.first.rate.denominator) == (False, 0, 100)
    assert due.difference == pytest.approx(120)


def test_a_page_is_the_picture_that_was_stored(letters):
    assert page_image(letters.session, letters.organisation, "A", 2) == b"back"


def test_what_does_not_exist_is_not_found(letters, other_office):
    session, own, other = letters.session, letters.organisation, other_office.organisation
    for organisation, name, number in [(own, "A", 3), (own, "Z", 1), (other, "A", 1)]:
        with pytest.raises(NotFound):
            page_image(session, organisation, name, number)
    with pytest.raises(NotFound):
        invoice_map(session, other, OCTOBER, "A")
    with pytest.raises(NotFound):
        compare_versions(session, own, OCTOBER, "A", "Z")
