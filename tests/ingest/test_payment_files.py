"""Payments as banks send them, and the invoices that they pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.payments import bgmax, camt
from ingest.source import Item, Source
from models.errors import BadInput
from models.references import append_ocr_check_digit
from models.tables import InvoiceEventRow, InvoiceRow, PaymentRow
from models.values import Payment, ReferenceStatus
from tests.ingest.conftest import Importer
from tests.ingest.written import camt as notification
from tests.ingest.written import paid, register

DATA = Path("tests/data/payments").resolve()
Written = Callable[[str | bytes], Source]
OCR = append_ocr_check_digit("424242")


def payments(read: list[Item[Payment] | BadInput]) -> list[Payment]:
    return [each.value for each in read if isinstance(each, Item)]


def test_bankgirots_own_example_adds_up_to_its_deposits() -> None:
    read = list(bgmax.read(Source(DATA / "bgmax-ocr-example.txt")))
    total: Counter[tuple[str, str]] = Counter()
    for payment in payments(read):
        total[payment.currency, payment.id.split()[3]] += payment.amount  # type: ignore[assignment]
    assert total == {("SEK", "00074"): 1900, ("SEK", "00075"): 8000, ("EUR", "00076"): 4000}
    assert [each.line for each in read if isinstance(each, BadInput)] == [17]


def test_bgmax_says_what_the_reference_is_worth_and_how_it_was_paid() -> None:
    first, deduction, several, *_ = payments(list(bgmax.read(Source(DATA / "bgmax-ocr-example.txt"))))
    assert (first.reference, first.reference_status) == ("655969", ReferenceStatus.STRUCTURED)
    assert (first.channel, first.payee_account) == ("supplier_payment_file", "9912346")
    assert (first.booked_on, first.amount) == (date(2004, 5, 25), Decimal(1000))
    assert deduction.amount == -500
    assert (several.reference, several.reference_status) == (None, ReferenceStatus.FREE_TEXT)


def test_unknown_bgmax_records_are_told_by_line() -> None:
    read = list(bgmax.read(Source(DATA / "bgmax-invalid-records.txt")))
    assert [each.line for each in read] == [5, 6]


def test_a_bgmax_file_that_lacks_its_end_is_refused_whole(importer: Importer) -> None:
    whole = (DATA / "bgmax-ocr-example.txt").read_bytes()
    (summary,) = importer(importer.path("cut.txt", whole[: whole.rindex(b"\n70")]))
    assert (summary.imported, summary.rejected) == (0, 1)
    assert not importer.rows(PaymentRow)


@pytest.mark.parametrize("name", ["genkgo_camt054.v4.xml", "genkgo_camt054.v8.xml"])
def test_one_entry_holds_several_payments_in_every_version(name: str) -> None:
    found = payments(list(camt.read(Source(DATA / name))))
    assert [payment.amount for payment in found] == [Decimal("3.1"), Decimal("3.2"), Decimal("3.2"), 0]
    assert len({payment.id for payment in found}) == 4


def test_a_statement_gives_what_came_in_and_passes_over_what_went_out() -> None:
    (payment,) = payments(list(camt.read(Source(DATA / "genkgo_camt053.v2.multi.statement.xml"))))
    assert (payment.amount, payment.reference_status) == (Decimal("8.85"), ReferenceStatus.FREE_TEXT)
    assert payment.payee_account == "NL26VAYB8060476890"


def test_a_message_without_a_statement_is_refused() -> None:
    with pytest.raises(BadInput, match="neither a notification nor a statement"):
        list(camt.read(Source(DATA / "genkgo_camt053.v2.wrong.xml")))


@pytest.mark.parametrize(
    ("remittance", "reference", "status"),
    [
        (f"<Strd><CdtrRefInf><Ref>{OCR}</Ref></CdtrRefInf></Strd>", OCR, ReferenceStatus.STRUCTURED),
        ("<Strd><CdtrRefInf><Ref>4242421</Ref></CdtrRefInf></Strd>", "4242421", ReferenceStatus.INVALID),
        (f"<Ustrd>Invoice {OCR} thanks</Ustrd>", OCR, ReferenceStatus.FREE_TEXT),
        ("<Ustrd>1234567 and 7654321</Ustrd>", None, ReferenceStatus.FREE_TEXT),
        ("", None, ReferenceStatus.BLANK),
    ],
)
def test_a_reference_is_worth_what_it_says(
    source: Written, remittance: str, reference: str | None, status: ReferenceStatus
) -> None:
    transaction = f'<Amt Ccy="SEK">500.00</Amt><RmtInf>{remittance}</RmtInf>'
    (payment,) = payments(list(camt.read(source(notification(transaction)))))
    assert (payment.reference, payment.reference_status) == (reference, status)


def test_a_payment_for_several_invoices_is_split_as_it_says(source: Written) -> None:
    blocks = "".join(
        f"<Strd><RfrdDocAmt><RmtdAmt Ccy='SEK'>{amount}</RmtdAmt></RfrdDocAmt>"
        f"<CdtrRefInf><Ref>{append_ocr_check_digit(number)}</Ref></CdtrRefInf></Strd>"
        for number, amount in (("1111", 300), ("2222", 150), ("3333", 50))
    )
    found = payments(list(camt.read(source(notification(f'<Amt Ccy="SEK">500.00</Amt><RmtInf>{blocks}</RmtInf>')))))
    assert [payment.amount for payment in found] == [300, 150, 50]


def test_a_reversal_is_a_negative_payment(source: Written) -> None:
    file = notification(paid(OCR), entry="<RvslInd>true</RvslInd>", credit="DBIT")
    assert [payment.amount for payment in payments(list(camt.read(source(file))))] == [-500]


def test_an_entry_without_details_is_one_payment(source: Written) -> None:
    (payment,) = payments(list(camt.read(source(notification().replace("<NtryDtls></NtryDtls>", "")))))
    assert (payment.amount, payment.reference_status) == (Decimal(500), ReferenceStatus.BLANK)


def test_what_is_not_booked_yet_is_passed_over(source: Written) -> None:
    assert not list(camt.read(source(notification(paid(OCR)).replace("BOOK", "PDNG"))))


def test_the_same_payment_in_a_later_file_is_a_duplicate(importer: Importer) -> None:
    importer(importer.path("monday.xml", notification(paid(OCR))))
    (summary,) = importer(importer.path("tuesday.xml", notification(paid(OCR), paid("26", end_to_end="E2"))))
    assert (summary.imported, summary.duplicates) == (1, 1)


@pytest.mark.parametrize("bills_first", [True, False])
def test_a_payment_finds_its_invoice_whichever_comes_first(importer: Importer, bills_first: bool) -> None:
    bills = importer.path("a.csv", register({"number": "F1", "payment_reference": f"00{OCR}"}, {"number": "F2"}))
    bank = importer.path("b.xml", notification(paid(OCR)))
    for file in (bills, bank) if bills_first else (bank, bills):
        importer(file)
    (payment,) = importer.rows(PaymentRow)
    assert payment.invoice_id == importer.rows(InvoiceRow)[0].id
    assert [event.on for event in importer.rows(InvoiceEventRow) if event.kind == "paid"] == [date(2026, 3, 20)]


def test_an_invoice_number_given_as_reference_finds_the_invoice_too(importer: Importer) -> None:
    importer(
        importer.path("a.csv", register({"number": "777001"})), importer.path("b.xml", notification(paid("777001")))
    )
    assert importer.rows(PaymentRow)[0].invoice_id == importer.rows(InvoiceRow)[0].id


def test_the_registers_day_of_payment_stands(importer: Importer) -> None:
    bill = {"number": "F1", "payment_reference": OCR, "paid_on": "2026-03-25"}
    importer(importer.path("a.csv", register(bill)), importer.path("b.xml", notification(paid(OCR))))
    assert [event.on for event in importer.rows(InvoiceEventRow) if event.kind == "paid"] == [date(2026, 3, 25)]


def test_a_part_payment_pays_nothing_off(importer: Importer) -> None:
    bill = {"number": "F1", "payment_reference": OCR}
    bank = notification(paid(OCR, "499.99"), paid(OCR, "0.01", "E2"))
    importer(importer.path("a.csv", register(bill)), importer.path("b.xml", notification(paid(OCR, "499.99"))))
    assert not [event for event in importer.rows(InvoiceEventRow) if event.kind == "paid"]
    importer(importer.path("c.xml", bank))
    assert len([event for event in importer.rows(InvoiceEventRow) if event.kind == "paid"]) == 1


def test_of_invoices_with_one_reference_the_one_with_the_amount_is_paid(importer: Importer) -> None:
    bills = [
        {"number": "F1", "payment_reference": OCR, "issued_on": "2026-01-01"},
        {"number": "F2", "payment_reference": OCR, "issued_on": "2026-02-01", "amount": "333.00"},
        {"number": "F3", "payment_reference": OCR, "issued_on": "2026-04-01"},
    ]
    importer(importer.path("a.csv", register(*bills)), importer.path("b.xml", notification(paid(OCR))))
    assert importer.rows(PaymentRow)[0].invoice_id == importer.rows(InvoiceRow)[0].id
