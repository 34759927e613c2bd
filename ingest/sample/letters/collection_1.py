"""The collection letter: an agent's demand with what the Swedish Debt Recovery Act (1974:182, section 5) asks for."""

from __future__ import annotations

from decimal import Decimal

from ingest.sample.company import LEGAL_NAME, ORGANISATION_NUMBER
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, household, kronor
from models.taxonomy import Feature

SERIF, SERIF_BOLD, MONO = "Times-Roman", "Times-Bold", "Courier"
GREY, LINE, PALE = "#555b62", "#14171a", "#f1f1ef"
LEFT, RIGHT = 25.0, 185.0
AGENT, AGENT_GIRO, CASE = "Nordgräns Inkasso AB", "991-1405", "26-0471882-3"
INTEREST, REMINDER, COST = Decimal("14.96"), Decimal(60), Decimal(180)


def draw(sheet: Sheet) -> None:
    bill = household("410301117", "2026-07-06", "2026-08-05", "juni 2026", "juni")
    _head(sheet, bill)
    _demand(sheet, bill)
    _claim(sheet, bill)
    _warning(sheet)
    _pay(sheet, bill)


def _head(sheet: Sheet, bill: Specimen) -> None:
    sheet.rule(LEFT, 18, RIGHT, 18, LINE, weight=2.2)
    sheet.text(LEFT, 27, "NORDGRÄNS INKASSO", Ink(SERIF_BOLD, 15))
    sheet.text(RIGHT, 27, "Ombud med tillstånd till inkassoverksamhet", Ink(SERIF, 9.4, GREY), "right")
    sheet.rule(LEFT, 31, RIGHT, 31, LINE, weight=0.6)
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        for step, line in enumerate((bill.name, *bill.address)):
            sheet.text(112, 50 + step * 5.2, line, Ink(SERIF, 11.5))
    with sheet.zone(Feature.COLLECTION_NOTICE):
        sheet.text(LEFT, 50, "Inkassokrav", Ink(SERIF_BOLD, 24))
        sheet.text(LEFT, 58, f"Ärende {CASE}", Ink(SERIF, 11, GREY))
        sheet.text(LEFT, 63.6, "2026-09-21", Ink(SERIF, 11, GREY))


def _demand(sheet: Sheet, bill: Specimen) -> None:
    sheet.text(LEFT, 82, "Borgenär", Ink(SERIF_BOLD, 10.5))
    number = f"{ORGANISATION_NUMBER[:6]}-{ORGANISATION_NUMBER[6:]}"
    sheet.text(56, 82, f"{LEGAL_NAME}, {number}", Ink(SERIF, 10.5))
    sheet.text(LEFT, 88.4, "Fordran", Ink(SERIF_BOLD, 10.5))
    with sheet.zone(Feature.BILLING_PERIOD):
        sheet.text(56, 88.4, f"El, elnät och fiber, {bill.period}", Ink(SERIF, 10.5))
    sheet.text(LEFT, 94.8, "Faktura", Ink(SERIF_BOLD, 10.5))
    with sheet.zone(Feature.INVOICE_NUMBER):
        sheet.text(56, 94.8, f"{bill.invoice_number}, förföll {bill.due}", Ink(SERIF, 10.5))
    sheet.text(LEFT, 101.2, "Kundnummer", Ink(SERIF_BOLD, 10.5))
    with sheet.zone(Feature.CUSTOMER_NUMBER):
        sheet.text(56, 101.2, bill.customer_number, Ink(SERIF, 10.5))


def _claim(sheet: Sheet, bill: Specimen) -> None:
    sheet.rule(LEFT, 110, RIGHT, 110, LINE, weight=0.6)
    rows = (
        (Feature.PREVIOUS_BALANCE, (("Kapitalbelopp", bill.due_amount),)),
        (
            Feature.FEES,
            (
                ("Dröjsmålsränta till och med 2026-09-21", INTEREST),
                ("Påminnelseavgift", REMINDER),
                ("Inkassokostnad", COST),
            ),
        ),
    )
    y = 117.5
    for feature, lines in rows:
        with sheet.zone(feature):
            for label, amount in lines:
                sheet.text(LEFT, y, label, Ink(SERIF, 11))
                sheet.text(RIGHT, y, kronor(amount), Ink(SERIF, 11), align="right")
                y += 7
    sheet.rule(LEFT, y - 2.6, RIGHT, y - 2.6, LINE, weight=0.6)
    with sheet.zone(Feature.AMOUNT_DUE):
        sheet.text(LEFT, y + 5, "Att betala, kronor", Ink(SERIF_BOLD, 14))
        sheet.text(RIGHT, y + 5, kronor(_total(bill)), Ink(SERIF_BOLD, 14), align="right")
    sheet.rule(LEFT, y + 9, RIGHT, y + 9, LINE, weight=2.2)


def _total(bill: Specimen) -> Decimal:
    return bill.due_amount + INTEREST + REMINDER + COST


def _warning(sheet: Sheet) -> None:
    words = (
        "Vår uppdragsgivare har lämnat ovanstående fordran till oss för inkasso. Betalning ska vara oss tillhanda "
        "senast den dag som anges nedan. Invändningar ska vara skriftliga."
    )
    with sheet.zone(Feature.COLLECTION_NOTICE):
        y = sheet.paragraph(LEFT, 169, RIGHT - LEFT, words, Ink(SERIF, 11), leading=1.35)
    with sheet.zone(Feature.PAYMENT_TERMS):
        words = (
            "Uteblir betalningen kan vi ansöka om betalningsföreläggande hos Kronofogdemyndigheten. Det medför "
            "ytterligare kostnader och kan leda till en betalningsanmärkning. Kan du inte betala hela "
            "beloppet ska du kontakta oss före förfallodagen."
        )
        sheet.paragraph(LEFT, y + 2.5, RIGHT - LEFT, words, Ink(SERIF, 11), leading=1.35)


def _pay(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(LEFT, 215, RIGHT - LEFT, 38, fill=PALE)
    with sheet.zone(Feature.DUE_DATE):
        sheet.text(LEFT + 7, 224, "Oss tillhanda senast", Ink(SERIF, 9.6, GREY))
        sheet.text(LEFT + 7, 230.4, "2026-10-01", Ink(SERIF_BOLD, 14))
    with sheet.zone(Feature.PAYEE_ACCOUNT):
        sheet.text(LEFT + 62, 224, "Bankgiro", Ink(SERIF, 9.6, GREY))
        sheet.text(LEFT + 62, 230.4, AGENT_GIRO, Ink(SERIF_BOLD, 14))
    with sheet.zone(Feature.PAYMENT_REFERENCE):
        sheet.text(LEFT + 108, 224, "OCR-nummer", Ink(SERIF, 9.6, GREY))
        sheet.text(LEFT + 108, 230.4, "26047188219", Ink(SERIF_BOLD, 14))
    with sheet.zone(Feature.PAYMENT_CODE):
        crowns, ore = divmod(int(_total(bill) * 100), 100)
        code = f"#  26047188219 #  {crowns:>5} {ore:02d}   9 >   {AGENT_GIRO.replace('-', '')}#41#"
        sheet.text(LEFT + 7, 245.6, code, Ink(MONO, 11.5))
    sheet.rule(LEFT, 268, RIGHT, 268, LINE, weight=0.6)
    words = f"{AGENT} · Gränsgatan 1, 999 90 Nordgräns · telefon 0980-319 290, vardagar 9–15 · www.nordgrans.example"
    sheet.text(LEFT, 273.4, words, Ink(SERIF, 9, GREY))
