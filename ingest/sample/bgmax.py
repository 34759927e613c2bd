"""Payments as Bankgirot reports them: BgMax, 80 characters a record, ISO 8859-1 (Bankgirot's technical manual)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from ingest.sample.company import BANKGIRO, CURRENCY
from ingest.sample.payments import Paid
from models.values import PaymentMethod

REFERENCE_CODES = {"blank": "0", "structured": "2", "free_text": "4", "invalid": "5"}
CHANNELS = {PaymentMethod.GIRO_SLIP: "3", PaymentMethod.DIRECT_DEBIT: "4"}
ELECTRONIC_BANK = "1"
PAYEE = f"{BANKGIRO.replace('-', ''):0>10}"


def bgmax(payments: Sequence[Paid], written_on: date, first_serial: int) -> str:
    """One file with a section a day; ``first_serial`` makes serial numbers unique over several files."""
    records = [f"01{'BGMAX':<20}01{written_on:%Y%m%d}170000000000P"]
    days = [list(same) for _, same in groupby(payments, key=lambda payment: payment.on)]
    serial = first_serial
    for number, same in enumerate(days, start=1):
        records += _section(same, number, serial)
        serial += len(same)
    records.append(f"70{len(payments):08d}{0:08d}{0:08d}{len(days):08d}")
    return "".join(f"{record:<80}\r\n" for record in records)


def _section(payments: Sequence[Paid], number: int, serial: int) -> Iterator[str]:
    total = sum((payment.amount for payment in payments), Decimal(0))
    yield f"05{PAYEE}{'':10}{CURRENCY}"
    for offset, payment in enumerate(payments):
        yield _payment(payment, serial + offset)
    account = f"{'9990000991234':0>35}"
    yield f"15{account}{payments[0].on:%Y%m%d}{number:05d}{_ore(total)}{CURRENCY}{len(payments):08d} "


def _payment(payment: Paid, serial: int) -> str:
    """The payer's bankgiro is zero: private persons pay from accounts that the file does not tell."""
    channel = CHANNELS.get(payment.bill.customer.method, ELECTRONIC_BANK)
    return (
        f"20{0:010d}{payment.reference:>25}{_ore(payment.amount)}{REFERENCE_CODES[payment.kind]}{channel}{serial:012d}0"
    )


def _ore(amount: Decimal) -> str:
    return f"{int(amount * 100):018d}"
