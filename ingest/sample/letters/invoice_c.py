"""Version C: the face for firms. Serif, charcoal and copper, all that is needed for paying in one column."""

from __future__ import annotations

from ingest.sample.company import BANKGIRO, IBAN, LEGAL_NAME, ORGANISATION_NUMBER
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, firm, kronor
from models.taxonomy import Feature

SERIF, SERIF_BOLD, SANS, SANS_BOLD = "Times-Roman", "Times-Bold", "Helvetica", "Helvetica-Bold"
CHARCOAL, COPPER, SAND, INK, GREY = "#2b2d2f", "#b4552d", "#f4efe9", "#222426", "#6f6a64"
COLUMN, LEFT, RIGHT = 64.0, 76.0, 196.0


def draw(sheet: Sheet) -> None:
    bill = firm("410337160", "2026-09-03", "2026-10-05", "2026-08-01 – 2026-08-31", "augusti")
    _column(sheet, bill)
    _head(sheet, bill)
    _lines(sheet, bill)
    _vat(sheet, bill)
    _terms(sheet)


def _column(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(0, 0, COLUMN, 297, fill=CHARCOAL)
    sheet.text(12, 26, "Älvljus", Ink(SERIF_BOLD, 27, "#ffffff"))
    sheet.rule(12, 30, 24, 30, COPPER, weight=2)
    sheet.text(12, 36.4, "Energi & Fiber · Företag", Ink(SANS, 8, "#c9c4bd"))
    with sheet.zone(Feature.AMOUNT_DUE):
        sheet.text(12, 66, "Att betala", Ink(SANS, 8, "#c9c4bd"))
        sheet.text(12, 75.4, kronor(bill.due_amount), Ink(SERIF_BOLD, 24, "#ffffff"))
        sheet.text(12, 81.6, "SEK inklusive moms", Ink(SANS, 8, "#c9c4bd"))
    facts = (
        (Feature.DUE_DATE, "Förfallodatum", bill.due, 15),
        (Feature.PAYMENT_REFERENCE, "OCR-referens", bill.reference, 15),
        (Feature.PAYEE_ACCOUNT, "Bankgiro", BANKGIRO, 15),
    )
    for step, (feature, label, value, size) in enumerate(facts):
        y = 99 + step * 17
        sheet.rule(12, y - 6.5, 52, y - 6.5, "#55585b", weight=0.5)
        with sheet.zone(feature):
            sheet.text(12, y, label, Ink(SANS, 8, "#c9c4bd"))
            sheet.text(12, y + 6.2, value, Ink(SERIF_BOLD, size, "#ffffff"))
    sheet.text(12, 145.6, "IBAN", Ink(SANS, 7, "#c9c4bd"))
    sheet.text(
        12, 149.6, " ".join(IBAN[start : start + 4] for start in range(0, len(IBAN), 4)), Ink(SANS, 7, "#ffffff")
    )
    with sheet.zone(Feature.DELIVERY_CHANNEL):
        sheet.text(12, 178, "E-faktura via Peppol", Ink(SANS_BOLD, 8, "#e9b392"))
        words = "Vi sänder gärna fakturan elektroniskt. Meddela ert Peppol-id till foretag@alvljus.example."
        sheet.paragraph(12, 182.6, 41, words, Ink(SANS, 7.6, "#c9c4bd"))
    sheet.text(12, 262, "Företagsservice", Ink(SANS_BOLD, 8, "#e9b392"))
    for step, line in enumerate(("0980-319 210, vardagar 8–17", "foretag@alvljus.example", "Box 90, 999 10 Älvstad")):
        sheet.text(12, 266.8 + step * 4.4, line, Ink(SANS, 7.6, "#c9c4bd"))


def _head(sheet: Sheet, bill: Specimen) -> None:
    with sheet.zone(Feature.INVOICE_NUMBER):
        width = sheet.text(LEFT, 26, "Faktura ", Ink(SERIF, 23, INK))
        sheet.text(LEFT + width, 26, bill.invoice_number, Ink(SERIF, 23, COPPER))
    sheet.text(LEFT, 32.6, f"Fakturadatum {bill.issued}", Ink(SANS, 8.4, GREY))
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        sheet.text(LEFT, 48, bill.name, Ink(SERIF_BOLD, 12.5))
        for step, line in enumerate((*bill.address, "Er referens: Mona Prov, 4410")):
            sheet.text(LEFT, 53.4 + step * 5, line, Ink(SERIF, 11.5))
    facts = (
        (Feature.CUSTOMER_NUMBER, "Kundnummer", bill.customer_number),
        (Feature.CONTRACT_REFERENCE, "Avtal", bill.contract),
        (Feature.BILLING_PERIOD, "Avser perioden", bill.period),
    )
    for (feature, label, value), x in zip(facts, (LEFT, 112, 148), strict=True):
        with sheet.zone(feature):
            sheet.text(x, 77, label, Ink(SANS, 7.4, GREY))
            sheet.text(x, 82, value, Ink(SERIF_BOLD, 10.8))


def _lines(sheet: Sheet, bill: Specimen) -> None:
    top = 97.0
    ends = (
        (LEFT, "left", "Benämning"),
        (146, "right", "Kvantitet"),
        (168, "right", "À-pris"),
        (RIGHT, "right", "Netto"),
    )
    for x, align, label in ends:
        sheet.text(x, top, label, Ink(SANS, 7.4, GREY), align)
    sheet.rule(LEFT, top + 2.6, RIGHT, top + 2.6, INK, weight=1)
    sheet.text(LEFT, top + 9, f"Verkstadsvägen 3, anläggning {bill.plant}", Ink(SERIF_BOLD, 10, COPPER))
    first = top + 16
    plain = [row for row in bill.rows if row.group not in {"Rabatt", "Avgift"}]
    for column, feature in enumerate((Feature.LINE_ITEM, Feature.USAGE_QUANTITY, Feature.UNIT_PRICE)):
        x, align, _ = ends[column]
        with sheet.zone(feature):
            for step, row in enumerate(plain):
                sheet.text(
                    x, first + step * 6.4, (row.name, row.quantity, row.price)[column], Ink(SERIF, 10.8), align=align
                )
    for step, row in enumerate(bill.rows):
        y = first + step * 6.4
        values = (row.name, row.quantity, row.price, kronor(row.amount))
        if row.group in {"Rabatt", "Avgift"}:
            with sheet.zone(Feature.DISCOUNT if row.group == "Rabatt" else Feature.FEES):
                for (x, align, _), value in zip(ends, values, strict=True):
                    sheet.text(x, y, value, Ink(SERIF, 10.8), align=align)
        else:
            sheet.text(RIGHT, y, values[3], Ink(SERIF, 10.8), align="right")
    sheet.rule(LEFT, 168, RIGHT, 168, INK, weight=0.5)
    sheet.text(146, 174, "Summa netto", Ink(SANS, 8, GREY), "right")
    sheet.text(RIGHT, 174, kronor(bill.net), Ink(SERIF_BOLD, 11.5), align="right")


def _vat(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(LEFT, 184, RIGHT - LEFT, 27, fill=SAND)
    sheet.text(LEFT + 5, 191, "Momsspecifikation", Ink(SERIF_BOLD, 10.5, COPPER))
    cells = (("Momssats", "25 %"), ("Underlag", kronor(bill.net)), ("Moms", kronor(bill.vat)))
    with sheet.zone(Feature.VAT):
        for step, (label, value) in enumerate(cells):
            sheet.text(LEFT + 5 + step * 30, 198.4, label, Ink(SANS, 7.4, GREY))
            sheet.text(LEFT + 5 + step * 30, 204, value, Ink(SERIF, 11.5))
    with sheet.zone(Feature.PREVIOUS_BALANCE):
        sheet.text(RIGHT - 5, 198.4, "Kvar från tidigare", Ink(SANS, 7.4, GREY), "right")
        sheet.text(RIGHT - 5, 204, kronor(bill.earlier), Ink(SERIF, 11.5), align="right")


def _terms(sheet: Sheet) -> None:
    with sheet.zone(Feature.PAYMENT_TERMS):
        sheet.text(LEFT, 224, "Villkor", Ink(SERIF_BOLD, 10.5, COPPER))
        words = (
            "Betalning 30 dagar netto enligt ramavtalet. Vid försenad betalning debiteras dröjsmålsränta enligt "
            "räntelagen och förseningsersättning 450 kr enligt lagen om ersättning för inkassokostnader. "
            "Anmärkningar görs inom tio dagar."
        )
        sheet.paragraph(LEFT, 229.6, RIGHT - LEFT, words, Ink(SERIF, 10, GREY))
    sheet.rule(LEFT, 262, RIGHT, 262, "#d8d0c6", weight=0.5)
    number = f"{ORGANISATION_NUMBER[:6]}-{ORGANISATION_NUMBER[6:]}"
    columns = (
        (LEFT, (LEGAL_NAME, "Kvarnbacken 4", "999 10 Älvstad")),
        (120, ("Organisationsnummer", number, "Godkänd för F-skatt")),
        (160, ("Momsregistrering", f"SE{ORGANISATION_NUMBER}01", "Säte: Älvstad")),
    )
    for x, lines in columns:
        for step, line in enumerate(lines):
            sheet.text(x, 268 + step * 4.4, line, Ink(SANS, 7.4, GREY))
