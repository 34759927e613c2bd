"""The invented invoices that the letters show, to a household and to a firm. The register holds none of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from models.references import append_ocr_check_digit

VAT = Decimal("0.25")


@dataclass(frozen=True)
class Row:
    name: str
    group: str
    quantity: str
    price: str
    amount: Decimal


@dataclass(frozen=True)
class Specimen:
    """``earlier`` is carried over from before (negative: in the customer's favour). Dates are as printed."""

    name: str
    address: tuple[str, str]
    customer_number: str
    invoice_number: str
    contract: str
    plant: str
    issued: str
    due: str
    period: str
    rows: tuple[Row, ...]
    earlier: Decimal

    @property
    def reference(self) -> str:
        return append_ocr_check_digit(self.invoice_number, with_length_digit=True)

    @property
    def net(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def vat(self) -> Decimal:
        return (self.net * VAT).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def rounding(self) -> Decimal:
        return self.due_amount - self.net - self.vat - self.earlier

    @property
    def due_amount(self) -> Decimal:
        return (self.net + self.vat + self.earlier).quantize(Decimal(1), ROUND_HALF_UP).quantize(Decimal("0.01"))

    def group_net(self, group: str) -> Decimal:
        return sum((row.amount for row in self.rows if row.group == group), Decimal(0))


def kronor(amount: Decimal, digits: int = 2) -> str:
    """``1 234,50`` with a non-breaking space between thousands."""
    return f"{amount:,.{digits}f}".replace(",", "\u00a0").replace(".", ",").replace("-", "–")


def _row(name: str, group: str, quantity: str, unit: str, price: str) -> Row:
    amount = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    shown = kronor(Decimal(price), 3 if unit == "kWh" else 2)
    return Row(name, group, f"{kronor(Decimal(quantity), 0)} {unit}", shown, amount)


def household(number: str, issued: str, due: str, period: str, month: str) -> Specimen:
    return Specimen(
        name="Elin Exempel",
        address=("Provgatan 12 B", "999 34 Älvstad"),
        customer_number="50417725",
        invoice_number=number,
        contract="EL-2231-07",
        plant="735 999 102 000 417 728",
        issued=issued,
        due=due,
        period=period,
        rows=(
            _row(f"Rörligt elpris {month}", "El", "412", "kWh", "0.671"),
            _row("Månadsavgift el", "El", "1", "mån", "39.20"),
            _row("Elöverföring", "Elnät", "412", "kWh", "0.284"),
            _row("Elnätsabonnemang 16 A", "Elnät", "1", "mån", "236.00"),
            _row("Energiskatt", "Elnät", "412", "kWh", "0.439"),
            _row("Fiber 250/250", "Fiber", "1", "mån", "319.20"),
            _row("Kampanjrabatt fiber", "Rabatt", "1", "mån", "-80.00"),
            _row("Avgift för pappersfaktura", "Avgift", "1", "st", "39.20"),
        ),
        earlier=Decimal("-45.00"),
    )


def firm(number: str, issued: str, due: str, period: str, month: str) -> Specimen:
    return Specimen(
        name="Provbolaget Snickeri AB",
        address=("Verkstadsvägen 3", "999 36 Älvstad"),
        customer_number="50612403",
        invoice_number=number,
        contract="RAM-2025-118",
        plant="735 999 102 000 612 400",
        issued=issued,
        due=due,
        period=period,
        rows=(
            _row(f"Fast elpris {month}", "El", "2864", "kWh", "0.789"),
            _row("Månadsavgift el", "El", "1", "mån", "39.20"),
            _row("Elöverföring", "Elnät", "2864", "kWh", "0.284"),
            _row("Elnätsabonnemang 35 A", "Elnät", "1", "mån", "612.00"),
            _row("Energiskatt", "Elnät", "2864", "kWh", "0.439"),
            _row("Fiber Företag 1000/1000", "Fiber", "1", "mån", "439.20"),
            _row("Fast IP-adress", "Fiber", "1", "st", "49.00"),
            _row("Volymrabatt el", "Rabatt", "1", "mån", "-180.00"),
            _row("Fakturaavgift", "Avgift", "1", "st", "29.00"),
        ),
        earlier=Decimal("0.00"),
    )
