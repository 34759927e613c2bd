"""Four months of invoices with their lines and lives, and the register file that tells of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from ingest.sample.company import (
    BUSINESS_FACE_FROM,
    CONSUMER_FACE_FROM,
    CURRENCY,
    LAST_DAY,
    LAST_LETTER,
    MONTHS,
    REMINDER_FACE_FROM,
    WRONG_TARIFF_CREDITED_ON,
    WRONG_TARIFF_ON,
    run_day,
    working_day,
)
from ingest.sample.compressed import write_compressed
from ingest.sample.customers import Customer
from ingest.sample.lines import VAT, invoice_lines, is_wrong_tariff
from models.references import append_ocr_check_digit
from models.values import InvoiceEventKind, InvoiceLine

COLUMNS = (
    *("number", "customer_number", "payment_reference", "template_version", "issued_on", "due_on"),
    *("period_start", "period_end", "amount", "currency", "delivery_channel", "payment_method", "segment"),
    *("sent_on", "reminded_on", "reminder_version", "collected_on", "collection_version"),
    *("paid_on", "credited_on", "disputed_on"),
    *("line_name", "line_quantity", "line_unit", "line_unit_price", "line_amount"),
)

DAYS_TO_PAY = 30
DAYS_TO_REMINDER = 7
DAYS_TO_COLLECTION = 40


@dataclass(frozen=True)
class Bill:
    """One invoice and what became of it until the last of the four months."""

    number: str
    customer: Customer
    version: str
    issued_on: date
    due_on: date
    period_start: date
    period_end: date
    lines: tuple[InvoiceLine, ...]
    wrong_tariff: bool
    reminded_on: date | None = None
    collected_on: date | None = None
    paid_on: date | None = None
    credited_on: date | None = None
    disputed_on: date | None = None

    @property
    def reference(self) -> str:
        return append_ocr_check_digit(self.number, with_length_digit=True)

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def vat(self) -> Decimal:
        return (self.net * VAT).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def amount(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True)
class Letter:
    """A document that reached a customer."""

    bill: Bill
    kind: InvoiceEventKind
    version: str
    on: date


def make_bills(customers: Sequence[Customer]) -> list[Bill]:
    """Each customer's four invoices, in the order in which they were issued."""
    random = Random("register")
    bills: list[Bill] = []
    for month in MONTHS:
        for customer in sorted(customers, key=lambda one: one.run):
            number = str(410300000 + len(bills) * 3)
            bills.append(_live(random, _issue(random, customer, month, number)))
    return bills


def _issue(random: Random, customer: Customer, month: int, number: str) -> Bill:
    issued_on = run_day(month, customer.run)
    return Bill(
        number=number,
        customer=customer,
        version=invoice_version(customer, issued_on),
        issued_on=issued_on,
        due_on=working_day(issued_on + timedelta(days=DAYS_TO_PAY)),
        period_start=date(2026, month - 1, 1),
        period_end=date(2026, month, 1) - timedelta(days=1),
        lines=invoice_lines(random, customer, issued_on),
        wrong_tariff=is_wrong_tariff(customer, issued_on),
    )


def invoice_version(customer: Customer, day: date) -> str:
    if customer.segment == "business" and day >= BUSINESS_FACE_FROM:
        return "invoice-c"
    return "invoice-b" if customer.new_face and day >= CONSUMER_FACE_FROM else "invoice-a"


def reminder_version(day: date) -> str:
    return "reminder-1" if day < REMINDER_FACE_FROM else "reminder-2"


def _live(random: Random, bill: Bill) -> Bill:
    if bill.wrong_tariff:
        disputed = WRONG_TARIFF_ON + timedelta(days=random.choice((2, 5, 6, 7, 8))) if random.random() < 0.12 else None
        return replace(bill, credited_on=WRONG_TARIFF_CREDITED_ON, disputed_on=disputed)
    if random.random() >= bill.customer.late_share:
        return _paid(bill, bill.due_on + timedelta(days=random.choice((-6, -4, -3, -2, -1, 0, 0, 0, 0, 1, 3))))
    reminded = working_day(bill.due_on + timedelta(days=DAYS_TO_REMINDER))
    collected = working_day(reminded + timedelta(days=DAYS_TO_COLLECTION))
    settles = random.random()
    paid = reminded + timedelta(days=random.randint(2, 22))
    if settles < 0.75:
        return _paid(_reminded(bill, reminded), paid)
    bill = replace(_reminded(bill, reminded), collected_on=collected if collected <= LAST_LETTER else None)
    return _paid(bill, collected + timedelta(days=random.randint(3, 25))) if settles < 0.92 else bill


def _reminded(bill: Bill, day: date) -> Bill:
    return replace(bill, reminded_on=day if day <= LAST_LETTER else None)


def _paid(bill: Bill, day: date) -> Bill:
    day = working_day(day)
    return replace(bill, paid_on=day if day <= LAST_DAY else None)


def letters(bills: Sequence[Bill]) -> Iterator[Letter]:
    """Every document sent: what contacts are counted against."""
    for bill in bills:
        yield Letter(bill, InvoiceEventKind.SENT, bill.version, bill.issued_on)
        if bill.reminded_on:
            yield Letter(bill, InvoiceEventKind.REMINDED, reminder_version(bill.reminded_on), bill.reminded_on)
        if bill.collected_on:
            yield Letter(bill, InvoiceEventKind.COLLECTED, "collection-1", bill.collected_on)


def write_register(bills: Sequence[Bill], path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for bill in bills:
        head = _head(bill)
        for line in bill.lines:
            writer.writerow([*head, line.name, line.quantity, line.unit, line.unit_price, line.amount])
    write_compressed(path, text.getvalue())


def _head(bill: Bill) -> list[object]:
    reminded = reminder_version(bill.reminded_on) if bill.reminded_on else None
    collected = "collection-1" if bill.collected_on else None
    customer = bill.customer
    return [
        *(bill.number, customer.number, bill.reference, bill.version, bill.issued_on, bill.due_on),
        *(bill.period_start, bill.period_end, bill.amount, CURRENCY),
        *(customer.delivery, customer.method.value, customer.segment, bill.issued_on),
        *(bill.reminded_on, reminded, bill.collected_on, collected),
        *(bill.paid_on, bill.credited_on, bill.disputed_on),
    ]
