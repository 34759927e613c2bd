"""What an invoice of the sample company charges for. Prices are in kronor without value-added tax."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from ingest.sample.company import RIGHT_TARIFF, WRONG_TARIFF, WRONG_TARIFF_ON
from ingest.sample.customers import Customer
from models.values import InvoiceLine

VAT = Decimal("0.25")

MONTH_NAMES = {6: "juni", 7: "juli", 8: "augusti", 9: "september"}
SPOT_PRICE = {6: Decimal("0.624"), 7: RIGHT_TARIFF, 8: Decimal("0.671"), 9: Decimal("0.702")}
FIXED_PRICE = Decimal("0.789")
SEASON = {6: 0.60, 7: 0.52, 8: 0.56, 9: 0.78}
FIBRE = {"100/100": Decimal("263.20"), "250/250": Decimal("319.20"), "1000/1000": Decimal("439.20")}


def is_wrong_tariff(customer: Customer, issued_on: date) -> bool:
    """The run of 12 August billed consumers with a variable price three times the right price per kWh."""
    variable = customer.yearly_kwh > 0 and not customer.fixed_price
    return issued_on == WRONG_TARIFF_ON and variable and customer.segment == "consumer"


def invoice_lines(random: Random, customer: Customer, issued_on: date) -> tuple[InvoiceLine, ...]:
    lines = []
    if customer.yearly_kwh:
        lines += _electricity(random, customer, issued_on)
    if customer.fibre:
        lines.append(_row(f"Fiber {customer.fibre}", 1, "mån", FIBRE[customer.fibre]))
        if customer.campaign:
            lines.append(_row("Kampanjrabatt fiber", 1, "mån", Decimal("-80.00")))
    if customer.mobile:
        lines.append(_row("Mobilabonnemang 20 GB", 1, "mån", Decimal("159.20")))
    if customer.delivery == "paper":
        lines.append(_row("Avgift för pappersfaktura", 1, "st", Decimal("39.20")))
    return tuple(lines)


def _electricity(random: Random, customer: Customer, issued_on: date) -> list[InvoiceLine]:
    month = issued_on.month - 1
    used = max(20, int(customer.yearly_kwh / 12 * SEASON[month] * random.lognormvariate(0, 0.12)))
    spot = WRONG_TARIFF if is_wrong_tariff(customer, issued_on) else SPOT_PRICE[month]
    name, price = ("Fast elpris", FIXED_PRICE) if customer.fixed_price else ("Rörligt elpris", spot)
    lines = [
        _row(f"{name} {MONTH_NAMES[month]}", used, "kWh", price),
        _row("Månadsavgift el", 1, "mån", Decimal("39.20")),
    ]
    if customer.grid:
        lines += [
            _row("Elöverföring", used, "kWh", Decimal("0.284")),
            _row("Elnätsabonnemang 16 A", 1, "mån", Decimal("236.00")),
            _row("Energiskatt", used, "kWh", Decimal("0.439")),
        ]
    return lines


def _row(name: str, quantity: int, unit: str, price: Decimal) -> InvoiceLine:
    amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return InvoiceLine(name=name, quantity=Decimal(quantity), unit=unit, unit_price=price, amount=amount)
