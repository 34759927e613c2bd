"""Invoices as files have them, and what storing them keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.invoices import register_csv, ubl
from ingest.invoices.credit import Credit
from ingest.source import Item, Source
from models.errors import BadInput
from models.tables import InvoiceEventRow, InvoiceLineRow, InvoiceRow, TemplateVersionRow
from models.values import Invoice, InvoiceEventKind, PaymentMethod
from tests.ingest.conftest import Importer
from tests.ingest.written import register

DATA = Path("tests/data/invoices").resolve()
Written = Callable[[str | bytes], Source]


def invoices(read: list[Item[Invoice | Credit] | BadInput] | list[Item[Invoice] | BadInput]) -> list[Invoice]:
    return [each.value for each in read if isinstance(each, Item) and isinstance(each.value, Invoice)]


def test_rows_of_one_number_are_one_invoice_with_its_lines_and_life(source: Written) -> None:
    fields = {"number": "F1", "template_version": "v2", "reminded_on": "2026-04-05", "reminder_version": "r1"}
    rows = [fields | {"line_name": "Fibre"}, fields | {"line_name": "Fee"}, {"number": "F2", "sent_on": "2026-03-04"}]
    first, second = invoices(list(register_csv.read(source(register(*rows)))))
    assert [line.name for line in first.lines] == ["Fibre", "Fee"]
    assert [(event.kind, str(event.on), event.template_version) for event in first.events] == [
        ("sent", "2026-03-01", "v2"),
        ("reminded", "2026-04-05", "r1"),
        ("due", "2026-03-31", None),
    ]
    assert second.events[0].on == date(2026, 3, 4)


def test_amounts_are_read_as_nordic_spreadsheets_write_them(source: Written) -> None:
    file = (
        "number;issued_on;amount;currency;line_name;line_quantity;line_unit_price;line_amount\n"
        "F1;2026-03-01;1 234,50;SEK;El;1.234,5;0,125;154,31\n"
        "F1;2026-03-01;1 234,50;SEK;Fee;;;-29.00\n"
    )
    (invoice,) = invoices(list(register_csv.read(source(file))))
    assert invoice.amount == Decimal("1234.50")
    assert [(line.quantity, line.unit_price, line.amount) for line in invoice.lines] == [
        (Decimal("1234.5"), Decimal("0.125"), Decimal("154.31")),
        (None, None, Decimal("-29.00")),
    ]


def test_an_invoice_without_lines_is_an_invoice(source: Written) -> None:
    (invoice,) = invoices(list(register_csv.read(source(register({"number": "F1", "line_name": ""})))))
    assert invoice.lines == ()
    assert [(event.kind, event.on) for event in invoice.events] == [
        (InvoiceEventKind.SENT, date(2026, 3, 1)),
        (InvoiceEventKind.DUE, date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "NaN"),
        ("amount", "1e30"),
        ("amount", ""),
        ("issued_on", "01/03/2026"),
        ("issued_on", "2026-W10-1"),
        ("issued_on", ""),
        ("currency", "kr"),
        ("payment_method", "cowries"),
        ("line_amount", "free"),
        ("number", ""),
    ],
)
def test_a_broken_field_is_named_and_takes_out_its_own_invoice_alone(source: Written, field: str, value: str) -> None:
    read = list(register_csv.read(source(register({"number": "F1"}, {"number": "F2", field: value}, {"number": "F3"}))))
    assert [invoice.number for invoice in invoices(read)] == ["F1", "F3"]
    (problem,) = [each for each in read if isinstance(each, BadInput)]
    assert (problem.line, field in problem.problem) == (3, True)


def test_a_peppol_invoice_is_read_by_its_terms() -> None:
    (invoice,) = invoices(list(ubl.read(Source(DATA / "peppol-Norwegian-example-1.xml"))))
    assert invoice.number == "TOSL108"
    assert invoice.payment_reference == "0003434323213231"
    assert (invoice.issued_on, invoice.due_on) == (date(2013, 6, 30), date(2013, 7, 20))
    assert (invoice.period_start, invoice.period_end) == (date(2013, 6, 1), date(2013, 6, 30))
    assert (invoice.amount, invoice.currency) == (Decimal("802.00"), "NOK")
    assert invoice.payment_method == PaymentMethod.BANK_TRANSFER
    assert invoice.lines[0].name == "Laptop computer"
    assert (invoice.lines[0].quantity, invoice.lines[0].amount) == (Decimal(1), Decimal(1273))


def test_an_older_danish_file_is_read_as_far_as_it_agrees() -> None:
    (invoice,) = invoices(list(ubl.read(Source(DATA / "OIOUBL_Invoice_v2p2.xml"))))
    assert (invoice.amount, invoice.due_on) == (Decimal("6312.50"), date(2005, 11, 25))


def test_entities_are_neither_expanded_nor_fetched(source: Written, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hidden words")
    example = (DATA / "peppol-base-example.xml").read_text()
    doctype = f'<!DOCTYPE Invoice [<!ENTITY hidden SYSTEM "file://{tmp_path}/secret.txt">]>\n<Invoice '
    file = example.replace("<Invoice ", doctype, 1).replace(">item name<", ">&hidden;<")
    assert "hidden words" not in str(list(ubl.read(source(file))))


def test_a_credit_note_credits_the_invoice_that_it_names(importer: Importer) -> None:
    credit = DATA / "peppol-base-creditnote-correction.xml"
    (early,) = importer(credit)
    assert early.rejected == 1
    assert "invoice" in str(importer.problems[0])
    importer(DATA / "peppol-base-example.xml")
    assert [each.imported for each in importer(credit)] == [1]
    events = {(event.kind, event.on) for event in importer.rows(InvoiceEventRow)}
    assert ("credited", date(2017, 11, 13)) in events
    assert len(importer.rows(InvoiceRow)) == 1


def test_a_known_invoice_keeps_what_it_has_and_gains_what_it_lacked(importer: Importer) -> None:
    importer(importer.path("a.csv", register({"number": "F1", "segment": "home", "due_on": ""})))
    later = {"number": "F1", "segment": "firm", "payment_reference": "13579", "reminded_on": "2026-04-05"}
    (summary,) = importer(importer.path("b.csv", register(later | {"sent_on": "2026-03-02"})))
    assert (summary.imported, summary.duplicates) == (0, 1)
    (invoice,) = importer.rows(InvoiceRow)
    assert (invoice.segment, invoice.due_on) == ("home", date(2026, 3, 31))
    assert invoice.reference_hash
    assert len(importer.rows(InvoiceLineRow)) == 1
    assert sorted((event.kind, str(event.on)) for event in importer.rows(InvoiceEventRow)) == [
        ("due", "2026-03-31"),
        ("reminded", "2026-04-05"),
        ("sent", "2026-03-01"),
    ]


def test_a_version_that_only_a_register_names_is_kept_by_name(importer: Importer) -> None:
    fields = {"template_version": "v1", "reminded_on": "2026-04-05", "reminder_version": "r1"}
    importer(importer.path("a.csv", register({"number": "F1"} | fields)))
    versions = {row.name: row for row in importer.rows(TemplateVersionRow)}
    assert {name: row.document_type for name, row in versions.items()} == {"v1": "invoice", "r1": "reminder"}
    sent, *_ = [event for event in importer.rows(InvoiceEventRow) if event.kind == "sent"]
    assert sent.template_version_id == versions["v1"].id == importer.rows(InvoiceRow)[0].template_version_id


def test_text_longer_than_its_column_is_cut_on_every_database(importer: Importer) -> None:
    long = "x" * 5000
    (summary,) = importer(importer.path("a.csv", register({"number": "F1", "segment": long, "line_name": long})))
    assert summary.imported == 1
    assert len(importer.rows(InvoiceLineRow)[0].name) == 300
