"""Six thousand customers: what they speak, buy, how they get their invoice and how they pay it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stdnum import luhn

from ingest.sample.company import RUNS
from models.values import PaymentMethod

CUSTOMERS = 6000

LANGUAGES = {"sv": 34, "fi": 20, "en": 20, "nb": 14, "da": 12}
METHODS = {
    PaymentMethod.E_INVOICE: 30,
    PaymentMethod.DIRECT_DEBIT: 24,
    PaymentMethod.BANK_TRANSFER: 26,
    PaymentMethod.SWISH: 10,
    PaymentMethod.GIRO_SLIP: 10,
}
DELIVERY = {
    PaymentMethod.E_INVOICE: ("e_invoice",),
    PaymentMethod.DIRECT_DEBIT: ("email", "digital_mailbox", "paper"),
    PaymentMethod.BANK_TRANSFER: ("email", "paper", "digital_mailbox"),
    PaymentMethod.SWISH: ("email", "digital_mailbox"),
    PaymentMethod.GIRO_SLIP: ("paper",),
}


@dataclass(frozen=True)
class Customer:
    """``run`` is the invoice run of each month; ``new_face`` says that version B comes from September on."""

    number: str
    language: str
    segment: str
    run: int
    new_face: bool
    method: PaymentMethod
    delivery: str
    late_share: float
    yearly_kwh: int
    fixed_price: bool
    grid: bool
    fibre: str | None
    campaign: bool
    mobile: bool


def make_customers() -> list[Customer]:
    random = Random("customers")
    return [_customer(random, position) for position in range(CUSTOMERS)]


def _customer(random: Random, position: int) -> Customer:
    segment = "business" if random.random() < 0.22 else "consumer"
    method = random.choices(list(METHODS), list(METHODS.values()))[0]
    fibre = random.choice(("100/100", "250/250", "1000/1000")) if random.random() < 0.45 else None
    electricity = fibre is None or random.random() < 0.75
    typical = 34000 if segment == "business" else 9500
    return Customer(
        number=customer_number(position),
        language=random.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        segment=segment,
        run=position % RUNS,
        new_face=segment == "consumer" and random.random() < 0.5,
        method=method,
        delivery=random.choice(DELIVERY[method]),
        late_share=0.0 if method is PaymentMethod.DIRECT_DEBIT else 0.6 if random.random() < 0.16 else 0.08,
        yearly_kwh=int(typical * random.lognormvariate(0, 0.5)) if electricity else 0,
        fixed_price=random.random() < 0.25,
        grid=random.random() < 0.6,
        fibre=fibre,
        campaign=random.random() < 0.3,
        mobile=random.random() < 0.2,
    )


def customer_number(position: int) -> str:
    """Eight digits, the last of them a check digit (Luhn)."""
    body = str(5020117 + position * 13)
    return body + luhn.calc_check_digit(body)
