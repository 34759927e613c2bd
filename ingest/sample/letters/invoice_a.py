"""Version A: the old utility bill. Blue, tabular, everything in its box, a giro slip to tear off."""

from __future__ import annotations

from decimal import Decimal

from ingest.sample.company import BANKGIRO, NAME
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, household, kronor
from models.taxonomy import Feature

SANS, BOLD, MONO = "Helvetica", "Helvetica-Bold", "Courier-Bold"
BLUE, PALE, GREY, SLIP = "#123c69", "#e9eff6", "#5f6b76", "#fbeee0"
LEFT, RIGHT = 20.0, 190.0


def draw(sheet: Sheet) -> None:
    bill = household("410336218", "1 september 2026", "1 oktober 2026", "1–31 augusti 2026", "augusti")
    _letterhead(sheet, bill)
    _facts(sheet, bill)
    _lines(sheet, bill)
    _sums(sheet, bill)
    _notes(sheet)
    _slip(sheet, bill)


def _letterhead(sheet: Sheet, bill: Specimen) -> None:
    logo(sheet, LEFT, 14, BLUE, "#f2a900")
    sheet.text(LEFT + 16, 22.6, "Älvljus", Ink(BOLD, 19, BLUE))
    sheet.text(LEFT + 16.2, 27.4, "Energi & Fiber", Ink(SANS, 9.5, BLUE))
    sheet.text(RIGHT, 22.6, "FAKTURA", Ink(BOLD, 17, BLUE), "right")
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        for step, line in enumerate((bill.name, *bill.address)):
            sheet.text(112, 48 + step * 5, line, Ink(SANS, 11))
    sheet.text(LEFT, 41, "Kundservice", Ink(BOLD, 8, BLUE))
    service = ("0980-319 200, vardagar 8–17", "kundservice@alvljus.example", "www.alvljus.example/minasidor")
    for step, line in enumerate(service):
        sheet.text(LEFT, 45.4 + step * 4.2, line, Ink(SANS, 8.2, GREY))


def logo(sheet: Sheet, x: float, y: float, river: str, sun: str) -> None:
    """A low sun over two bends of a river, 13 by 13 millimetres."""
    sheet.disc(x + 6.5, y + 5.2, 3.6, sun)
    for drop in (0.0, 3.2):
        top = y + 7.4 + drop
        upper = [(x, top), (x + 4, top - 2.6), (x + 7.5, top + 2.6), (x + 13, top - 0.6)]
        lower = [(x + 13, top + 1.2), (x + 13, top + 1.2), (x + 13, top + 1.2), (x + 7.5, top + 4.6)]
        sheet.shape([*upper, *lower[:3], lower[3], (x + 4, top - 0.6), (x, top + 2)], river)


def _facts(sheet: Sheet, bill: Specimen) -> None:
    top = 70.0
    sheet.box(LEFT, top, RIGHT - LEFT, 24.5, fill=PALE)
    columns = (
        ((Feature.CUSTOMER_NUMBER, "Kundnummer", bill.customer_number), (None, "Fakturadatum", bill.issued)),
        ((Feature.INVOICE_NUMBER, "Fakturanummer", bill.invoice_number), (None, "Anläggnings-id", bill.plant)),
        ((Feature.BILLING_PERIOD, "Period", bill.period), (Feature.CONTRACT_REFERENCE, "Avtal", bill.contract)),
    )
    for column, pair in enumerate(columns):
        for row, (feature, label, value) in enumerate(pair):
            x, y = LEFT + 5 + column * 57, top + 6.6 + row * 10
            if feature is None:
                _fact(sheet, x, y, label, value)
            else:
                with sheet.zone(feature):
                    _fact(sheet, x, y, label, value)


def _fact(sheet: Sheet, x: float, y: float, label: str, value: str) -> None:
    sheet.text(x, y, label, Ink(SANS, 7.2, GREY))
    sheet.text(x, y + 4.4, value, Ink(BOLD, 9.2))


def _lines(sheet: Sheet, bill: Specimen) -> None:
    top = 105.0
    ends = (
        (LEFT + 2, "left", "Specifikation"),
        (120, "right", "Antal"),
        (152, "right", "Pris, kr"),
        (188, "right", "Belopp, kr"),
    )
    sheet.box(LEFT, top - 4.8, RIGHT - LEFT, 7, fill=BLUE)
    for x, align, label in ends:
        sheet.text(x, top, label, Ink(BOLD, 8.4, "#ffffff"), align)
    plain = [row for row in bill.rows if row.group not in {"Rabatt", "Avgift"}]
    for column, feature in enumerate((Feature.LINE_ITEM, Feature.USAGE_QUANTITY, Feature.UNIT_PRICE)):
        x, align, _ = ends[column]
        with sheet.zone(feature):
            for step, row in enumerate(plain):
                sheet.text(
                    x, top + 8 + step * 6, (row.name, row.quantity, row.price)[column], Ink(SANS, 9.2), align=align
                )
    for step, row in enumerate(bill.rows):
        y = top + 8 + step * 6
        if row.group in {"Rabatt", "Avgift"}:
            with sheet.zone(Feature.DISCOUNT if row.group == "Rabatt" else Feature.FEES):
                for (x, align, _), value in zip(
                    ends, (row.name, row.quantity, row.price, kronor(row.amount)), strict=True
                ):
                    sheet.text(x, y, value, Ink(SANS, 9.2), align=align)
        else:
            sheet.text(188, y, kronor(row.amount), Ink(SANS, 9.2), align="right")
        sheet.rule(LEFT, y + 2.1, RIGHT, y + 2.1, "#d7dee6", weight=0.4)


def _sums(sheet: Sheet, bill: Specimen) -> None:
    y = 165.0
    sums = (
        (None, "Summa utan moms", bill.net),
        (Feature.VAT, "Moms 25 %", bill.vat),
        (Feature.PREVIOUS_BALANCE, "Tillgodo från förra fakturan", bill.earlier),
        (None, "Öresavrundning", bill.rounding),
    )
    for step, (feature, label, amount) in enumerate(sums):
        if feature is None:
            _sum(sheet, y + step * 5, label, amount)
        else:
            with sheet.zone(feature):
                _sum(sheet, y + step * 5, label, amount)
    with sheet.zone(Feature.AMOUNT_DUE):
        sheet.box(110, 184, 80, 11, fill=BLUE)
        sheet.text(114, 191.1, "Att betala", Ink(BOLD, 11, "#ffffff"))
        sheet.text(187, 191.3, f"{kronor(bill.due_amount)} kr", Ink(BOLD, 13, "#ffffff"), "right")
    with sheet.zone(Feature.DUE_DATE):
        sheet.box(110, 196.8, 80, 9, fill=PALE)
        sheet.text(114, 202.7, "Förfallodag", Ink(SANS, 9.5, BLUE))
        sheet.text(187, 202.7, bill.due, Ink(BOLD, 10.5, BLUE), "right")


def _sum(sheet: Sheet, y: float, label: str, amount: Decimal) -> None:
    sheet.text(114, y, label, Ink(SANS, 8.8, GREY))
    sheet.text(188, y, kronor(amount), Ink(SANS, 8.8), align="right")


def _notes(sheet: Sheet) -> None:
    with sheet.zone(Feature.PAYMENT_TERMS):
        sheet.text(LEFT, 165, "Betalningsvillkor", Ink(BOLD, 8, BLUE))
        words = (
            "30 dagar netto. Betalar du efter förfallodagen tar vi ut dröjsmålsränta enligt räntelagen "
            "(referensränta plus 8 procentenheter) och 60 kr för en skriftlig påminnelse."
        )
        sheet.paragraph(LEFT, 169.4, 80, words, Ink(SANS, 7.8, GREY))
    with sheet.zone(Feature.DELIVERY_CHANNEL):
        sheet.text(LEFT, 187.6, "Slipp pappersfakturan", Ink(BOLD, 8, BLUE))
        words = "Anmäl dig till e-faktura i din internetbank, eller välj digital brevlåda på Mina sidor."
        sheet.paragraph(LEFT, 192, 80, words, Ink(SANS, 7.8, GREY))


def _slip(sheet: Sheet, bill: Specimen) -> None:
    """The slip of the Swedish bank giro with its line for the scanner."""
    sheet.box(0, 213, 210, 84, fill=SLIP)
    sheet.rule(0, 213, 210, 213, GREY, weight=0.5, dash=2.5)
    sheet.text(LEFT, 211.4, "Klipp här", Ink(SANS, 6.2, GREY))
    with sheet.zone(Feature.PAYMENT_CODE):
        sheet.text(LEFT, 281, f"#   {bill.reference} #   {int(bill.due_amount):>6} 00   4 >", Ink(MONO, 11.5))
        sheet.text(RIGHT, 281, f"{BANKGIRO.replace('-', '')}#41#", Ink(MONO, 11.5), align="right")
    sheet.text(LEFT, 225, "INBETALNING / GIRERING AVI", Ink(BOLD, 9.5, "#8a4b12"))
    sheet.text(LEFT, 231.2, "Betalningsavsändare", Ink(SANS, 6.6, "#8a4b12"))
    for step, line in enumerate((bill.name, *bill.address)):
        sheet.text(LEFT, 236 + step * 4.6, line, Ink(SANS, 9))
    with sheet.zone(Feature.PAYEE_ACCOUNT):
        _field(sheet, (112, 229, 36), "Till bankgiro nr", BANKGIRO)
    _field(sheet, (150, 229, 40), "Betalningsmottagare", NAME, 8.2)
    with sheet.zone(Feature.PAYMENT_REFERENCE):
        _field(sheet, (112, 243, 78), "OCR-nummer (anges alltid vid betalning)", bill.reference, 13)
    _field(sheet, (112, 257, 36), "Kronor / öre", kronor(bill.due_amount), 11)
    _field(sheet, (150, 257, 40), "Oss tillhanda senast", bill.due, 9.4)
    sheet.rule(LEFT, 273, RIGHT, 273, "#d9a76f", weight=0.5)


def _field(sheet: Sheet, place: tuple[float, float, float], label: str, value: str, size: float = 11) -> None:
    x, y, width = place
    sheet.box(x, y, width, 11, fill="#ffffff", line="#d9a76f", weight=0.6)
    sheet.text(x + 1.8, y + 3.3, label, Ink(SANS, 6, "#8a4b12"))
    sheet.text(x + 1.8, y + 8.9, value, Ink(BOLD, size))
