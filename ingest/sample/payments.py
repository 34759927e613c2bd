"""What the customers paid, and how well each payment says what it pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from ingest.sample.company import LAST_DAY, working_day
from ingest.sample.register import Bill
from models.values import PaymentMethod

TYPED_BY_HAND = (PaymentMethod.BANK_TRANSFER, PaymentMethod.GIRO_SLIP)
MISTAKES = {"invoice-a": 0.06, "invoice-b": 0.34, "invoice-c": 0.06}
"""Share of the references typed by hand that are missing, free text or wrong, by the invoice that shows them."""
KINDS = {"blank": 30, "free_text": 35, "invalid": 35}
FREE_TEXTS = (
    "FAKTURA {month}",
    "KUNDNR {customer}",
    "EL {month}",
    "FIBER OCH EL",
    "RÄKNING {month}",
    "HYRA EL {month}",
)
MONTHS = {7: "JULI", 8: "AUG", 9: "SEP", 10: "OKT"}
REMINDER_FEE = Decimal(60)


@dataclass(frozen=True)
class Paid:
    """Money in. ``kind`` is "structured", "blank", "free_text" or "invalid"; ``reference`` is empty where blank."""

    bill: Bill
    on: date
    amount: Decimal
    reference: str
    kind: str
    to_bankgiro: bool


def make_payments(bills: Sequence[Bill]) -> list[Paid]:
    """In the order of booking; three in a thousand invoices are paid twice."""
    random = Random("payments")
    payments = [payment for bill in bills if bill.paid_on for payment in _payments(random, bill, bill.paid_on)]
    return sorted(payments, key=lambda payment: (payment.on, payment.bill.number))


def _payments(random: Random, bill: Bill, day: date) -> Iterator[Paid]:
    typed = bill.customer.method in TYPED_BY_HAND
    mistaken = typed and random.random() < MISTAKES[bill.version]
    kind = random.choices(list(KINDS), list(KINDS.values()))[0] if mistaken else "structured"
    late = bool(bill.reminded_on) and random.random() < 0.8
    first = Paid(
        bill=bill,
        on=day,
        amount=bill.amount + (REMINDER_FEE if late else 0),
        reference=_reference(random, bill, kind),
        kind=kind,
        to_bankgiro=bill.customer.method is not PaymentMethod.SWISH and int(bill.customer.number[-3:]) % 9 != 0,
    )
    yield first
    again = working_day(date.fromordinal(day.toordinal() + random.randint(1, 5)))
    if random.random() < 0.003 and again <= LAST_DAY:
        yield Paid(bill, again, bill.amount, first.reference, kind, first.to_bankgiro)


def _reference(random: Random, bill: Bill, kind: str) -> str:
    """Wrong ones are a mistyped digit or the invoice number in place of the reference; both fail the check digit."""
    if kind == "structured":
        return bill.reference
    if kind == "invalid":
        place = random.randrange(len(bill.reference))
        digit = (int(bill.reference[place]) + random.randint(1, 9)) % 10
        return bill.reference[:place] + str(digit) + bill.reference[place + 1 :]
    form = random.choice(FREE_TEXTS) if kind == "free_text" else ""
    return form.format(month=MONTHS[bill.issued_on.month], customer=bill.customer.number)
