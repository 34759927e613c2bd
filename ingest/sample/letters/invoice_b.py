"""Version B: the redesign. One big sum, cards, a code to scan; the reference went into the small print."""

from __future__ import annotations

from ingest.sample.company import BANKGIRO, LEGAL_NAME, ORGANISATION_NUMBER
from ingest.sample.letters.sheet import Ink, Sheet
from ingest.sample.letters.specimen import Specimen, household, kronor
from models.taxonomy import Feature

SANS, BOLD = "Helvetica", "Helvetica-Bold"
GREEN, DEEP, MINT, INK, GREY, FAINT = "#0f8b6d", "#0b5f57", "#eef7f3", "#16302b", "#61736e", "#8b9a96"
LEFT, RIGHT = 18.0, 192.0
PARTS = {"El": GREEN, "Elnät": "#57b894", "Fiber": "#f2b84b"}
ABOUT = {
    "El": ("Rörligt pris", "och månadsavgift"),
    "Elnät": ("Överföring, abonnemang", "och energiskatt"),
    "Fiber": ("Fiber 250/250",),
}


def draw(sheet: Sheet) -> None:
    bill = household("410336218", "1 september", "1 oktober", "1–31 augusti", "augusti")
    _top(sheet, bill)
    _pay(sheet, bill)
    _split(sheet, bill)
    _cards(sheet, bill)
    _sums(sheet, bill)
    _small_print(sheet, bill)


def _top(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(0, 0, 210, 34, fill=DEEP)
    for level, colour in ((34.5, "#57b894"), (32.5, GREEN), (30.0, DEEP)):
        _wave(sheet, level, colour)
    width = sheet.text(LEFT, 20.5, "älvljus", Ink(BOLD, 27, "#ffffff"))
    sheet.disc(LEFT + width + 2.2, 19.0, 1.55, "#f2b84b")
    sheet.text(LEFT, 28.4, "energi & fiber", Ink(SANS, 10, "#cfeee2"))
    with sheet.zone(Feature.RECIPIENT_DETAILS):
        for step, line in enumerate((bill.name, *bill.address)):
            sheet.text(RIGHT, 16.6 + step * 5, line, Ink(BOLD if step == 0 else SANS, 10, "#ffffff"), "right")


def _wave(sheet: Sheet, level: float, colour: str) -> None:
    """The lower edge of the head: the river of the firm's name."""
    edge = [(210, level + 4), (160, level - 7), (110, level + 15), (0, level + 3)]
    sheet.shape([(0, 0), (0, 0), (210, 0), (210, 0), (210, 0), (210, level), edge[0], *edge[1:]], colour)


def _pay(sheet: Sheet, bill: Specimen) -> None:
    width = sheet.text(LEFT, 58, "Hej Elin! Här är din faktura för ", Ink(SANS, 12, GREY))
    with sheet.zone(Feature.BILLING_PERIOD):
        sheet.text(LEFT + width, 58, "augusti", Ink(BOLD, 12, GREY))
    with sheet.zone(Feature.AMOUNT_DUE):
        width = sheet.text(LEFT - 0.8, 79, kronor(bill.due_amount, 0), Ink(BOLD, 54, INK))
        sheet.text(LEFT + width + 3, 79, "kr", Ink(SANS, 26, INK))
    with sheet.zone(Feature.DUE_DATE):
        sheet.text(LEFT, 91, f"Betala senast {bill.due}", Ink(SANS, 12, INK))
    with sheet.zone(Feature.PAYMENT_CODE):
        sheet.box(138, 52, 54, 54, fill="#ffffff", line="#cfe3db", radius=4, weight=0.9)
        sheet.qr(149.5, 57, 31, f"https://betala.alvljus.example/{bill.invoice_number}", INK)
        sheet.text(165, 95.2, "Skanna och betala", Ink(BOLD, 9.4, INK), "centre")
        sheet.text(165, 100, "med Swish eller i bankappen", Ink(SANS, 8, GREY), "centre")


def _split(sheet: Sheet, bill: Specimen) -> None:
    """A bar that shows how the sum divides."""
    sheet.text(LEFT, 120, "Så fördelar sig kostnaden", Ink(BOLD, 12, INK))
    x, room = LEFT, RIGHT - LEFT + 0.8
    whole = sum(bill.group_net(part) for part in PARTS)
    for part, colour in PARTS.items():
        width = room * float(bill.group_net(part) / whole)
        sheet.box(x, 124.5, width - 0.8, 5.5, fill=colour, radius=1)
        x += width


def _cards(sheet: Sheet, bill: Specimen) -> None:
    width, gap, top = 55.0, 4.5, 136.0
    for place, (part, colour) in enumerate(PARTS.items()):
        x = LEFT + place * (width + gap)
        sheet.box(x, top, width, 40, fill=MINT, radius=3.5)
        sheet.disc(x + 7, top + 8, 1.7, colour)
        with sheet.zone(Feature.LINE_ITEM):
            sheet.text(x + 11, top + 9.3, part, Ink(BOLD, 11, INK))
            sheet.text(x + 5.5, top + 21.5, f"{kronor(bill.group_net(part) * 5 / 4, 0)} kr", Ink(BOLD, 18, INK))
            for step, words in enumerate(ABOUT[part]):
                sheet.text(x + 5.5, top + 28.5 + step * 4.4, words, Ink(SANS, 8.6, GREY))
        if part == "El":
            with sheet.zone(Feature.USAGE_QUANTITY):
                sheet.text(x + 49.5, top + 21.5, "412 kWh", Ink(BOLD, 9, GREEN), "right")


def _sums(sheet: Sheet, bill: Specimen) -> None:
    fee = bill.group_net("Avgift") * 5 / 4
    rebate = bill.group_net("Rabatt") * 5 / 4
    rows = (
        (Feature.DISCOUNT, "Kampanjrabatt på fiber", rebate),
        (Feature.FEES, "Pappersfaktura (gratis som e-faktura)", fee),
        (Feature.PREVIOUS_BALANCE, "Tillgodo sedan tidigare", bill.earlier),
    )
    for step, (feature, label, amount) in enumerate(rows):
        y = 191.5 + step * 8
        with sheet.zone(feature):
            sheet.text(LEFT, y, label, Ink(SANS, 10, INK))
            sheet.text(RIGHT, y, f"{kronor(amount)} kr", Ink(SANS, 10, INK), "right")
        sheet.rule(LEFT, y + 3, RIGHT, y + 3, "#d9e5e0", weight=0.5)
    with sheet.zone(Feature.VAT):
        sheet.text(LEFT, 215.5, f"I beloppet ingår moms med {kronor(bill.vat)} kr", Ink(SANS, 8.6, GREY))


def _small_print(sheet: Sheet, bill: Specimen) -> None:
    sheet.box(LEFT, 226, RIGHT - LEFT, 22, fill=MINT, radius=3.5)
    sheet.disc(LEFT + 11, 237, 5.2, GREEN)
    sheet.text(LEFT + 11, 238.9, "?", Ink(BOLD, 15, "#ffffff"), "centre")
    sheet.text(LEFT + 21, 235.4, "Undrar du något?", Ink(BOLD, 10.5, INK))
    sheet.text(
        LEFT + 21,
        240.8,
        "Chatta med oss på alvljus.example eller ring 0980-319 200, vardagar 8–17.",
        Ink(SANS, 9, GREY),
    )
    y = 262.0
    with sheet.zone(Feature.PAYMENT_TERMS):
        terms = (
            "Villkor 30 dagar. Efter sista betalningsdag tillkommer dröjsmålsränta enligt räntelagen "
            "och påminnelseavgift 60 kr."
        )
        sheet.text(LEFT, y, terms, Ink(SANS, 6.4, FAINT))
    _running(
        sheet,
        y + 4.2,
        (None, "Betalning utan kod görs till bankgiro "),
        (Feature.PAYEE_ACCOUNT, BANKGIRO),
        (None, " med referens "),
        (Feature.PAYMENT_REFERENCE, bill.reference),
        (None, ". Avser kund "),
        (Feature.CUSTOMER_NUMBER, bill.customer_number),
        (None, ", faktura "),
        (Feature.INVOICE_NUMBER, bill.invoice_number),
        (None, f" av den {bill.issued} 2026."),
    )
    number = f"organisationsnummer {ORGANISATION_NUMBER[:6]}-{ORGANISATION_NUMBER[6:]}"
    firm = f"{LEGAL_NAME} · Kvarnbacken 4, 999 10 Älvstad · {number}"
    sheet.text(LEFT, y + 8.4, f"{firm} · Godkänd för F-skatt", Ink(SANS, 6.4, FAINT))


def _running(sheet: Sheet, y: float, *pieces: tuple[Feature | None, str]) -> None:
    """One line of small print in which single words are features."""
    x = LEFT
    for feature, words in pieces:
        if feature is None:
            x += sheet.text(x, y, words, Ink(SANS, 6.4, FAINT))
        else:
            with sheet.zone(feature):
                x += sheet.text(x, y, words, Ink(SANS, 6.4, FAINT))
