"""Reminder 2: says why, how much and what one can do, in that order and kindly."""

from __future__ import annotations

from ingest.sample.company import BANKGIRO, LEGAL_NAME
from ingest.sample.letters.invoice_b import DEEP, GREEN, GREY, INK, MINT
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, household, kronor
from models.taxonomy import Feature

SANS, BOLD = "Helvetica", "Helvetica-Bold"
SUN, WARM = "#f2b84b", "#fff6e3"
LEFT, RIGHT = 24.0, 186.0


def draw(sheet: Sheet) -> None:
    bill = household("410320741", "10 augusti", "9 september", "juli", "juli")
    _top(sheet, bill)
    _sum(sheet, bill)
    _choices(sheet)
    _details(sheet, bill)


def _top(sheet: Sheet, bill: Specimen) -> None:
    width = sheet.text(LEFT, 27, "älvljus", Ink(BOLD, 22, DEEP))
    sheet.disc(LEFT + width + 1.8, 25.8, 1.25, SUN)
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        for step, line in enumerate((bill.name, *bill.address)):
            sheet.text(RIGHT, 22 + step * 4.8, line, Ink(SANS, 9.6, GREY), "right")
    with sheet.zone(Feature.REMINDER_NOTICE):
        sheet.text(LEFT, 62, "Hej Elin, det här blev visst kvar", Ink(BOLD, 21, INK))
        words = (
            "Fakturan för juli skulle ha betalats den 9 september, men vi ser ingen betalning ännu. "
            "Det händer lätt. Har du betalat de senaste tre dagarna kan du slänga det här brevet."
        )
        sheet.paragraph(LEFT, 71.5, RIGHT - LEFT, words, Ink(SANS, 11, GREY), leading=1.5)


def _sum(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(LEFT, 90, RIGHT - LEFT, 58, fill=WARM, radius=5)
    with sheet.zone(Feature.AMOUNT_DUE):
        sheet.text(LEFT + 9, 101, "Att betala nu", Ink(SANS, 10, GREY))
        sheet.text(LEFT + 8.6, 116, f"{kronor(bill.due_amount + 60, 0)} kr", Ink(BOLD, 34, INK))
    with sheet.zone(Feature.DUE_DATE):
        sheet.text(LEFT + 9, 126.5, "senast fredag 25 september", Ink(BOLD, 11, INK))
    with sheet.zone(Feature.FEES):
        words = f"{kronor(bill.due_amount, 0)} kr för juli och 60 kr för påminnelsen. Ingen ränta."
        sheet.text(LEFT + 9, 139.5, words, Ink(SANS, 9.6, GREY))
    with sheet.zone(Feature.PAYMENT_CODE):
        sheet.box(142, 95, 38, 48, fill="#ffffff", radius=3)
        sheet.qr(146.5, 99.5, 29, f"https://betala.alvljus.example/{bill.invoice_number}/p", INK)
        sheet.text(161, 137, "Skanna och betala", Ink(BOLD, 8.2, INK), "centre")


def _choices(sheet: Sheet) -> None:
    sheet.text(LEFT, 164, "Välj det som passar dig", Ink(BOLD, 12.5, INK))
    choices = (
        ("1", "Betala allt", "Skanna koden eller använd uppgifterna längst ned."),
        ("2", "Få mer tid", "Flytta sista dagen upp till 30 dagar på Mina sidor. Det är gratis."),
        ("3", "Dela upp", "Betala i tre delar. Ring oss så ordnar vi en plan: 0980-319 200."),
    )
    with sheet.zone(Feature.PAYMENT_TERMS):
        for step, (number, head, words) in enumerate(choices):
            y = 177.0 + step * 16
            sheet.disc(LEFT + 5, y - 0.4, 5, GREEN)
            sheet.text(LEFT + 5, y + 1.4, number, Ink(BOLD, 13, "#ffffff"), "centre")
            sheet.text(LEFT + 15, y - 1.4, head, Ink(BOLD, 11, INK))
            sheet.text(LEFT + 15, y + 3.8, words, Ink(SANS, 9.8, GREY))


def _details(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(LEFT, 226, RIGHT - LEFT, 26, fill=MINT, radius=4)
    facts = (
        (Feature.PAYEE_ACCOUNT, "Bankgiro", BANKGIRO),
        (Feature.PAYMENT_REFERENCE, "OCR-nummer", bill.reference),
        (Feature.INVOICE_NUMBER, "Faktura", bill.invoice_number),
        (Feature.CUSTOMER_NUMBER, "Kundnummer", bill.customer_number),
    )
    for (feature, label, value), x in zip(facts, (8, 46, 90, 126), strict=True):
        with sheet.zone(feature):
            sheet.text(LEFT + x, 236.4, label, Ink(SANS, 8.6, GREY))
            sheet.text(LEFT + x, 243.4, value, Ink(BOLD, 12, INK))
    sheet.text(
        LEFT,
        268,
        "Hör vi inget till den 25 september lämnar vi fakturan till inkasso, och då tillkommer 180 kr.",
        Ink(SANS, 8.4, GREY),
    )
    sheet.text(LEFT, 273, f"{LEGAL_NAME} · alvljus.example · 0980-319 200, vardagar 8–17", Ink(SANS, 8.4, GREY))
