"""Reminder 1: the old letter of demand. Formal, dense, red."""

from __future__ import annotations

from decimal import Decimal

from ingest.sample.company import BANKGIRO, LEGAL_NAME
from ingest.sample.letters.invoice_a import BLUE, logo
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, household, kronor
from models.taxonomy import Feature

SANS, BOLD = "Helvetica", "Helvetica-Bold"
RED, GREY = "#a01c1c", "#5f6b76"
LEFT, RIGHT = 20.0, 190.0
FEE, INTEREST = 60, "3,37"
BODY = (
    "Enligt vår bokföring saknas betalning för nedanstående faktura, trots att förfallodagen har passerat. Beloppet "
    "jämte påminnelseavgift och upplupen dröjsmålsränta ska vara oss tillhanda senast ovan angivna datum. "
    "Påminnelseavgift tas ut enligt lag (1981:739) om ersättning för inkassokostnader och dröjsmålsränta "
    "enligt räntelagen (1975:635)."
)
THREAT = (
    "Om full betalning inte kommer oss tillhanda inom angiven tid överlämnas ärendet till inkasso utan ytterligare "
    "meddelande, varvid ytterligare kostnader tillkommer. Leveransen kan komma att avbrytas. Har betalning skett de "
    "senaste dagarna kan Ni bortse från denna påminnelse."
)


def draw(sheet: Sheet) -> None:
    bill = household("410301117", "2026-07-06", "2026-08-05", "juni 2026", "juni")
    logo(sheet, LEFT, 14, BLUE, BLUE)
    sheet.text(LEFT + 16, 24, LEGAL_NAME, Ink(BOLD, 11, BLUE))
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        for step, line in enumerate((bill.name.upper(), *(part.upper() for part in bill.address))):
            sheet.text(112, 48 + step * 5, line, Ink(SANS, 10.5))
    _heading(sheet, bill)
    _claim(sheet, bill)
    _payment(sheet, bill)


def _heading(sheet: Sheet, bill: Specimen) -> None:
    with sheet.zone(Feature.REMINDER_NOTICE):
        sheet.text(LEFT, 82, "BETALNINGSPÅMINNELSE", Ink(BOLD, 20, RED))
        sheet.rule(LEFT, 86, RIGHT, 86, RED, weight=1.4)
    sheet.text(LEFT, 94, "Datum: 2026-08-12", Ink(SANS, 9, GREY))
    with sheet.zone(Feature.CUSTOMER_NUMBER):
        sheet.text(66, 94, f"Kundnummer: {bill.customer_number}", Ink(SANS, 9, GREY))
    with sheet.zone(Feature.DUE_DATE):
        sheet.text(RIGHT, 94, "Betalas senast: 2026-08-22", Ink(BOLD, 9), "right")
    with sheet.zone(Feature.REMINDER_NOTICE):
        y = sheet.paragraph(LEFT, 105, RIGHT - LEFT, BODY, Ink(SANS, 9.2), leading=1.42)
    with sheet.zone(Feature.PAYMENT_TERMS):
        sheet.paragraph(LEFT, y + 2.2, RIGHT - LEFT, THREAT, Ink(SANS, 9.2), leading=1.42)


def _claim(sheet: Sheet, bill: Specimen) -> None:
    top = 150.0
    heads = (
        (LEFT + 3, "left", "Fakturanr"),
        (62, "left", "Förfallodag"),
        (112, "left", "Avser"),
        (187, "right", "Belopp"),
    )
    sheet.box(LEFT, top, RIGHT - LEFT, 44, line="#8d9299", weight=0.8)
    sheet.box(LEFT, top, RIGHT - LEFT, 8, fill="#e4e6e9", line="#8d9299", weight=0.8)
    for x, align, label in heads:
        sheet.text(x, top + 5.4, label, Ink(BOLD, 8.4), align=align)
    with sheet.zone(Feature.INVOICE_NUMBER):
        sheet.text(LEFT + 3, top + 14.4, bill.invoice_number, Ink(SANS, 9.2))
    sheet.text(62, top + 14.4, bill.due, Ink(SANS, 9.2))
    with sheet.zone(Feature.BILLING_PERIOD):
        sheet.text(112, top + 14.4, f"El och fiber {bill.period}", Ink(SANS, 9.2))
    with sheet.zone(Feature.PREVIOUS_BALANCE):
        sheet.text(187, top + 14.4, kronor(bill.due_amount), Ink(SANS, 9.2), align="right")
    with sheet.zone(Feature.FEES):
        for step, (label, amount) in enumerate((("Påminnelseavgift", "60,00"), ("Dröjsmålsränta", INTEREST))):
            sheet.text(112, top + 20.6 + step * 6.2, label, Ink(SANS, 9.2))
            sheet.text(187, top + 20.6 + step * 6.2, amount, Ink(SANS, 9.2), align="right")
    sheet.rule(112, top + 31.4, 187, top + 31.4, "#8d9299", weight=0.6)
    with sheet.zone(Feature.AMOUNT_DUE):
        sheet.text(112, top + 38.6, "ATT BETALA", Ink(BOLD, 10.5, RED))
        sheet.text(187, top + 38.6, f"{kronor(_total(bill))} kr", Ink(BOLD, 12, RED), "right")


def _total(bill: Specimen) -> Decimal:
    return bill.due_amount + FEE + Decimal(INTEREST.replace(",", "."))


def _payment(sheet: Sheet, bill: Specimen) -> None:
    sheet.text(LEFT, 210, "Betalning ska ske till", Ink(SANS, 9.2))
    with sheet.zone(Feature.PAYEE_ACCOUNT):
        sheet.text(LEFT, 218, f"Bankgiro {BANKGIRO}", Ink(BOLD, 12))
    with sheet.zone(Feature.PAYMENT_REFERENCE):
        sheet.text(112, 218, f"OCR {bill.reference}", Ink(BOLD, 12))
    sheet.rule(LEFT, 224, RIGHT, 224, "#8d9299", weight=0.6)
    sheet.text(LEFT, 232, "Med vänlig hälsning", Ink(SANS, 9.2))
    sheet.text(LEFT, 237.4, f"{LEGAL_NAME}, Kreditavdelningen", Ink(SANS, 9.2))
    sheet.rule(LEFT, 274, RIGHT, 274, "#c9ced3", weight=0.5)
    sheet.text(LEFT, 279, "Kvarnbacken 4, 999 10 Älvstad", Ink(SANS, 7.4, GREY))
    sheet.text(105, 279, "Telefon 0980-319 200", Ink(SANS, 7.4, GREY), "centre")
    sheet.text(RIGHT, 279, "www.alvljus.example", Ink(SANS, 7.4, GREY), "right")
