"""A plain stand-in for the API with hand-made figures, for looking at pages without the whole stack.

``python -m tests.dashboard.stand_in [PORT]`` serves it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from PIL import Image, ImageDraw

from models.figures import (
    BadRun,
    Breakdown,
    ChangeVerdict,
    FeatureDifference,
    FeatureRate,
    Freshness,
    InvoiceMap,
    Mend,
    MoneyEstimate,
    Overview,
    PaymentSteps,
    PeriodFigures,
    Ratio,
    ReasonDetail,
    ReasonFigures,
    ReasonWeek,
    Release,
    StepFigures,
    StepSlice,
    TemplateSummary,
    TrendPoint,
    Verdict,
)
from models.filters import FilterChoices
from models.speech import Channel, Speaker
from models.stored import (
    ConversationDetail,
    ConversationPage,
    ConversationSummary,
    ImportSummary,
    LinkedEvent,
    LinkedInvoice,
    StoredTurn,
    Tag,
)
from models.tags import Evidence
from models.taxonomy import GROUP_OF_REASON, Feature, Reason, ReasonGroup, Step
from models.values import DocumentType, InvoiceEventKind, InvoiceLine, PaymentMethod, Zone

app = FastAPI()
INVOICES = ("invoice-a", "invoice-b", "invoice-c")
SCRIPT = "<script>document.title='taken over'</script>"


def ratio(count: int, denominator: int, per: int = 1000) -> Ratio:
    if count < 5 or denominator == 0:
        few = {"value": None, "low": None, "high": None}
        return Ratio(count=count, denominator=denominator, per=per, too_few=True, **few)
    value, spread = per * count / denominator, per * count**0.5 * 1.96 / denominator
    return Ratio(
        count=count,
        denominator=denominator,
        per=per,
        value=value,
        low=value - spread,
        high=value + spread,
        too_few=False,
    )


def money(amount: float) -> MoneyEstimate:
    low, middle, high = (Decimal(f"{amount * factor:.2f}") for factor in (0.92, 1, 1.08))
    return MoneyEstimate(amount=middle, low=low, high=high, currency="SEK")


def period(since: date, until: date, contacts: int, cost: float) -> PeriodFigures:
    return PeriodFigures(
        since=since,
        until=until,
        contacts=contacts,
        billing_contacts=contacts * 3 // 4,
        cost=money(cost),
        per_thousand_documents=ratio(contacts * 3 // 4, 7420),
        billing_share=ratio(contacts * 3 // 4, contacts, 100),
        paid_late_after_contact=ratio(contacts // 8, contacts // 2, 100),
    )


def mend(version: str, kind: DocumentType, feature: Feature, *, contacts: int, cost: float, reason: Reason) -> Mend:
    return Mend(
        template_version=version,
        document_type=kind,
        feature=feature,
        contacts=contacts,
        rate=ratio(contacts, 2480),
        monthly_cost=money(cost),
        top_reason=reason,
    )


def weeks() -> list[date]:
    return [date(2025, 6, 30) + timedelta(weeks=n) for n in range(18)]


@app.get("/v1/overview")
def overview() -> Overview:
    base = dict(zip(ReasonGroup, (38, 34, 12, 14, 20, 4), strict=False))
    trend = [
        TrendPoint(
            week=week,
            group=group,
            contacts=size + (n * 5) % 7 + (n > 9) * (size // 3 if group == "pay" else 0),
            documents=1700,
        )
        for n, week in enumerate(weeks())
        for group, size in base.items()
    ]
    return Overview(
        period=period(date(2025, 10, 1), date(2025, 10, 31), 642, 41237.50),
        previous=period(date(2025, 9, 1), date(2025, 9, 30), 560, 34100),
        cost_per_minute=Decimal("9.50"),
        mend_first=(
            mend(
                "invoice-b",
                DocumentType.INVOICE,
                Feature.PAYMENT_REFERENCE,
                contacts=78,
                cost=9612.4,
                reason=Reason.PAYMENT_REFERENCE,
            ),
            mend(
                "reminder-a",
                DocumentType.REMINDER,
                Feature.FEES,
                contacts=41,
                cost=6120,
                reason=Reason.REMINDER_RECEIVED,
            ),
            mend(
                "invoice-a",
                DocumentType.INVOICE,
                Feature.USAGE_QUANTITY,
                contacts=30,
                cost=3710,
                reason=Reason.BILLING_PERIOD,
            ),
        ),
        trend=tuple(trend),
        releases=(
            Release(on=date(2025, 9, 1), template_version="invoice-b", document_type=DocumentType.INVOICE),
            Release(on=date(2025, 10, 10), template_version="invoice-c", document_type=DocumentType.INVOICE),
        ),
        linked=ratio(520, 642, 100),
        freshness=Freshness(
            newest_conversation=datetime(2025, 10, 31, 15, 4, tzinfo=UTC),
            newest_document=date(2025, 10, 30),
            newest_payment=date(2025, 10, 31),
            last_import=datetime(2025, 11, 1, 6, 0, tzinfo=UTC),
        ),
    )


def reason_figures(reason: Reason, n: int) -> ReasonFigures:
    contacts = max(96 - 11 * n + (n % 3) * 4, 3)
    return ReasonFigures(
        reason=reason,
        group=GROUP_OF_REASON[reason],
        contacts=contacts,
        raised=contacts + 7,
        share=ratio(contacts, 642, 100),
        cost=money(contacts * 82.5),
        previous_contacts=None if n == 3 else contacts - 6 + 4 * (n % 4),
    )


@app.get("/v1/reasons")
def reasons() -> list[ReasonFigures]:
    first = (Reason.PAYMENT_REFERENCE, Reason.AMOUNT_HIGHER_THAN_EXPECTED, Reason.REMINDER_RECEIVED)
    ordered = (*first, *(r for r in Reason if r not in first))
    return [reason_figures(reason, n) for n, reason in enumerate(ordered)]


@app.get("/v1/reasons/{reason}")
def reason_detail(reason: Reason) -> ReasonDetail:
    spread: dict[str, dict[str, int]] = {
        "feature": {"payment_reference": 61, "payee_account": 14, "amount_due": 4},
        "template_version": {"invoice-b": 70, "invoice-a": 17, "invoice-c": 9},
        "language": {"sv": 60, "nb": 21, "fi": 15},
        "channel": {"phone": 71, "chat": 25},
        "queue": {"billing": 80, "general": 16},
    }
    return ReasonDetail(
        figures=next(f for f in reasons() if f.reason == reason),
        weeks=tuple(ReasonWeek(week=w, reason=reason, contacts=6 + n + (n * 3) % 5) for n, w in enumerate(weeks())),
        breakdowns=tuple(
            Breakdown(dimension=dimension, key=key, contacts=count, share=ratio(count, 96, 100))
            for dimension, keys in spread.items()
            for key, count in keys.items()
        ),
    )


def template(n: int, name: str, kind: DocumentType = DocumentType.INVOICE) -> TemplateSummary:
    return TemplateSummary(
        name=name,
        document_type=kind,
        valid_from=date(2025, 7 + n, 1),
        valid_to=None if n == 2 else date(2025, 7 + n, 28),
        pages=1,
        payment_methods=(PaymentMethod.BANK_TRANSFER, PaymentMethod.E_INVOICE, PaymentMethod.SWISH),
        channel="paper",
        segment=None,
        note="New layout" if n else "",
        documents=2480 - 300 * n,
        rate=ratio(60 + 30 * n, 2480 - 300 * n),
    )


TEMPLATES = (
    *(template(n, name) for n, name in enumerate(INVOICES)),
    template(0, "reminder-a", DocumentType.REMINDER),
)


@app.get("/v1/templates")
def templates() -> tuple[TemplateSummary, ...]:
    return TEMPLATES


PLACES: dict[Feature, tuple[float, float, float, float]] = {
    Feature.RECIPIENT_DETAILS: (0.08, 0.11, 0.42, 0.18),
    Feature.CUSTOMER_NUMBER: (0.60, 0.09, 0.92, 0.115),
    Feature.INVOICE_NUMBER: (0.60, 0.12, 0.92, 0.145),
    Feature.DUE_DATE: (0.60, 0.15, 0.92, 0.175),
    Feature.LINE_ITEM: (0.08, 0.28, 0.50, 0.46),
    Feature.USAGE_QUANTITY: (0.52, 0.28, 0.68, 0.46),
    Feature.UNIT_PRICE: (0.70, 0.28, 0.92, 0.46),
    Feature.VAT: (0.60, 0.50, 0.92, 0.525),
    Feature.AMOUNT_DUE: (0.60, 0.54, 0.92, 0.58),
    Feature.PAYMENT_REFERENCE: (0.08, 0.72, 0.45, 0.76),
    Feature.PAYEE_ACCOUNT: (0.55, 0.72, 0.92, 0.76),
    Feature.FEES: (0.08, 0.84, 0.92, 0.87),
}


def places(name: str) -> dict[Feature, tuple[float, float, float, float]]:
    if name == "invoice-b":
        return {**PLACES, Feature.PAYMENT_REFERENCE: (0.08, 0.93, 0.40, 0.945)}
    return {f: place for f, place in PLACES.items() if name != "invoice-a" or f != Feature.FEES}


def feature_rates(name: str) -> tuple[FeatureRate, ...]:
    counts = dict(zip(PLACES, (6, 3, 4, 21, 30, 26, 9, 7, 18, 16, 11, 13), strict=True))
    if name == "invoice-b":
        counts[Feature.PAYMENT_REFERENCE] = 78
    shown = places(name)
    inside = [FeatureRate(feature=f, shown=f in shown, rate=ratio(n, 2480)) for f, n in counts.items()]
    return (*inside, FeatureRate(feature=Feature.PAYMENT_CODE, shown=False, rate=ratio(9, 2480)))


def known(name: str) -> TemplateSummary:
    for one in TEMPLATES:
        if one.name == name:
            return one
    raise HTTPException(404, f"There is no template version {name!r} here.")


@app.get("/v1/templates/compare")
def compare(first: str, second: str) -> list[FeatureDifference]:
    pairs = zip(feature_rates(known(first).name), feature_rates(known(second).name), strict=True)
    return [difference(a, b) for a, b in pairs]


def difference(a: FeatureRate, b: FeatureRate) -> FeatureDifference:
    both = a.shown and b.shown and a.rate.value is not None and b.rate.value is not None
    by = (b.rate.value or 0) - (a.rate.value or 0) if both else None
    low, high = (by - 2.1, by + 2.1) if by is not None else (None, None)
    return FeatureDifference(feature=a.feature, first=a, second=b, difference=by, low=low, high=high)


@app.get("/v1/templates/{name}/map")
def invoice_map(name: str) -> InvoiceMap:
    zones = [Zone(feature=f, page=1, x0=p[0], y0=p[1], x1=p[2], y1=p[3]) for f, p in places(known(name).name).items()]
    return InvoiceMap(template=known(name), zones=tuple(zones), features=feature_rates(name))


@app.get("/v1/templates/{name}/pages/{number}")
def page(name: str, number: int) -> Response:
    image = Image.new("RGB", (909, 1286), "white")
    draw = ImageDraw.Draw(image)
    draw.text((73, 50), "FJORDGLIMT ENERGI", fill="#14324a", font_size=30)
    for feature, (x0, y0, _, y1) in places(known(name).name).items():
        for row in range(max(1, int((y1 - y0) * 40))):
            text = f"{feature.value.replace('_', ' ')} {1200 + 37 * row}"
            draw.text((x0 * 909 + 6, y0 * 1286 + 4 + 34 * row), text, fill="#333333", font_size=20)
    out = BytesIO()
    image.save(out, "PNG")
    return Response(out.getvalue(), media_type="image/png")


def steps_of(scale: float) -> tuple[StepFigures, ...]:
    figures = zip(
        Step,
        (7420, 7300, 7250, 7010, 6890, 6700, 6500, 1210, 190),
        (22, 9, 121, 31, 96, 17, 44, 61, 12),
        strict=True,
    )
    return tuple(
        StepFigures(
            step=step,
            documents=int(documents * scale),
            contacts=int(contacts * scale),
            rate=ratio(int(contacts * scale), int(documents * scale)),
            cost=money(contacts * 88 * scale),
        )
        for step, documents, contacts in figures
    )


@app.get("/v1/steps")
def steps() -> PaymentSteps:
    keys = [("payment_method", m, s) for m, s in (("bank_transfer", 0.6), ("direct_debit", 0.25), ("e_invoice", 0.15))]
    keys += [("template_version", name, scale) for name, scale in zip(INVOICES, (0.3, 0.4, 0.3), strict=True)]
    slices = tuple(StepSlice(dimension=d, key=str(k), steps=steps_of(scale)) for d, k, scale in keys)
    return PaymentSteps(steps=steps_of(1), slices=slices)


@app.get("/v1/changes")
def changes() -> list[ChangeVerdict]:
    def verdict(before: str, after: str, reason: Reason | None, to: int, says: Verdict) -> ChangeVerdict:
        few = says == Verdict.CANNOT_TELL
        return ChangeVerdict(
            before=before,
            after=after,
            document_type=DocumentType.INVOICE,
            changed_on=date(2025, 9, 1),
            reason=reason,
            before_rate=ratio(20, 2480),
            after_rate=ratio(to, 2480),
            ratio=None if few else to / 20,
            low=None if few else to / 20 * 0.7,
            high=None if few else to / 20 * 1.4,
            verdict=says,
        )

    return [
        verdict("invoice-a", "invoice-b", Reason.PAYMENT_REFERENCE, 78, Verdict.WORSE),
        verdict("invoice-b", "invoice-c", Reason.BILLING_PERIOD, 9, Verdict.BETTER),
        verdict("reminder-a", "reminder-b", None, 21, Verdict.NO_DIFFERENCE),
        verdict("invoice-b", "invoice-c", Reason.FEES_AND_VAT, 3, Verdict.CANNOT_TELL),
    ]


@app.get("/v1/alarms")
def alarms() -> list[BadRun]:
    return [
        BadRun(
            sent_on=date(2025, 10, 14),
            template_version="invoice-c",
            document_type=DocumentType.INVOICE,
            reason=Reason.INCORRECT_INVOICE,
            documents=212,
            contacts=31,
            expected=3.4,
            times_expected=9.1,
            p_value=1e-12,
        )
    ]


TURNS = (
    (Speaker.AGENT, "Hej och välkommen till Fjordglimt, du talar med [NAME]."),
    (Speaker.CUSTOMER, "Hej, ja det gäller fakturan som kom i måndags."),
    (Speaker.AGENT, "Ja, vad kan jag hjälpa dig med?"),
    (
        Speaker.CUSTOMER,
        f"Jag hittar inte OCR-numret någonstans på den nya fakturan {SCRIPT} och banken godtar inget annat.",
    ),
    (Speaker.AGENT, "Det står längst ner i det finstilta, strax under avgifterna."),
    (
        Speaker.CUSTOMER,
        "Jaha, där. Och nu har jag dessutom fått en påminnelseavgift på 60 kronor, det känns inte rätt.",
    ),
    (Speaker.AGENT, "Jag tar bort avgiften den här gången."),
    (Speaker.CUSTOMER, "Tack så mycket, hej då."),
)


def summary(id: int, reason: Reason = Reason.PAYMENT_REFERENCE) -> ConversationSummary:
    return ConversationSummary(
        id=id,
        external_id=f"call-{id}",
        started_at=datetime(2025, 10, 28, 9, 12, tzinfo=UTC) - timedelta(hours=7 * id),
        language=("sv", "nb", "fi")[id % 3],
        channel=(Channel.PHONE, Channel.CHAT)[id % 2],
        queue="billing",
        handling_seconds=412,
        primary=reason,
        confidence=0.91 if id % 4 else 0.47,
        uncertain=id % 4 == 0,
        step=Step.ENTER_DETAILS,
        template_version="invoice-b",
        quote=f"Jag hittar inte OCR-numret någonstans på den nya fakturan {SCRIPT}",
    )


@app.get("/v1/conversations")
def conversations(offset: int = 0, limit: int = 50) -> ConversationPage:
    ids = range(offset + 1, min(offset + limit, 78) + 1)
    return ConversationPage(items=tuple(summary(n) for n in ids), total=78, offset=offset, limit=limit)


def evidence(turn: int, words: str, because: str) -> Evidence:
    start = TURNS[turn][1].index(words)
    return Evidence(turn=turn, start=start, end=start + len(words), score=0.8, because=because)


corrections: list[dict[str, Any]] = []


@app.get("/v1/conversations/{id}")
def conversation(id: int) -> ConversationDetail:
    if id > 78:
        raise HTTPException(404, f"There is no conversation '{id}' here.")
    return ConversationDetail(
        summary=summary(id),
        turns=tuple(
            StoredTurn(position=n, speaker=s, text=t, offset_seconds=11.0 * n) for n, (s, t) in enumerate(TURNS)
        ),
        reasons=(
            Tag(
                id="payment_reference",
                confidence=0.91,
                evidence=(evidence(3, "hittar inte OCR-numret", "asks for the reference"),),
            ),
            Tag(
                id="reminder_received",
                confidence=0.72,
                evidence=(evidence(5, "fått en påminnelseavgift på 60 kronor", "names a reminder fee"),),
            ),
        ),
        features=(
            Tag(id="payment_reference", confidence=0.94, evidence=(evidence(3, "OCR-numret", "names the reference"),)),
            Tag(id="fees", confidence=0.66, evidence=(evidence(5, "påminnelseavgift", "names a fee"),)),
        ),
        runner_up=Reason.HOW_TO_PAY,
        probabilities={Reason.PAYMENT_REFERENCE: 0.91, Reason.HOW_TO_PAY: 0.05},
        model_version="stand-in",
        corrected=any(c["id"] == id for c in corrections),
        invoice=LinkedInvoice(
            invoice_id=7,
            score=0.97,
            because="the payment reference that was said belongs to this invoice",
            template_version="invoice-b",
            document_type=DocumentType.INVOICE,
            issued_on=date(2025, 10, 1),
            due_on=date(2025, 10, 31),
            amount=Decimal("1284.50"),
            currency="SEK",
            lines=(
                InvoiceLine(
                    name="Elförbrukning",
                    quantity=Decimal(412),
                    unit="kWh",
                    unit_price=Decimal("1.12"),
                    amount=Decimal("461.44"),
                ),
                InvoiceLine(name="Elnät, fast avgift", amount=Decimal("566.16")),
            ),
            events=(
                LinkedEvent(kind=InvoiceEventKind.SENT, on=date(2025, 10, 1), template_version="invoice-b"),
                LinkedEvent(kind=InvoiceEventKind.DUE, on=date(2025, 10, 31), template_version=None),
                LinkedEvent(kind=InvoiceEventKind.REMINDED, on=date(2025, 11, 8), template_version="reminder-a"),
                LinkedEvent(kind=InvoiceEventKind.PAID, on=date(2025, 11, 9), template_version=None),
            ),
        ),
    )


@app.post("/v1/conversations/{id}/corrections", status_code=201)
async def correct(id: int, request: Request) -> ConversationDetail:
    corrections.append({"id": id, **await request.json()})
    return conversation(id)


@app.get("/v1/imports")
def imports() -> list[ImportSummary]:
    def one(
        id: int, name: str, kind: str, *, imported: int, rejected: int, redactions: dict[str, int]
    ) -> ImportSummary:
        at = datetime(2025, 11, 1, 6, id, tzinfo=UTC)
        done = at + timedelta(seconds=9)
        return ImportSummary(
            id=id,
            file_name=name,
            kind=kind,
            started_at=at,
            finished_at=done,
            imported=imported,
            duplicates=0,
            rejected=rejected,
            redactions=redactions,
        )

    return [
        one(
            3,
            "conversations-october.jsonl.gz",
            "conversations_jsonl",
            imported=642,
            rejected=2,
            redactions={"person": 410, "phone": 96, "address": 31},
        ),
        one(2, "invoices.csv.gz", "invoice_register", imported=7420, rejected=0, redactions={}),
        one(1, "bankgiro-2025-10.txt", "bgmax", imported=6890, rejected=0, redactions={}),
    ]


@app.get("/v1/choices")
def choices() -> FilterChoices:
    return FilterChoices(
        first_day=date(2025, 7, 1),
        last_day=date(2025, 10, 31),
        default_since=date(2025, 10, 1),
        default_until=date(2025, 10, 31),
        languages=("sv", "nb", "da", "fi", "en"),
        channels=(Channel.PHONE, Channel.CHAT, Channel.EMAIL),
        queues=("billing", "general"),
        document_types=tuple(DocumentType),
        template_versions=(*INVOICES, "reminder-a"),
        segments=("private", "business"),
    )


@app.exception_handler(HTTPException)
def problem(_: Request, error: HTTPException) -> JSONResponse:
    body = {"title": "Not Found", "status": error.status_code, "detail": error.detail}
    return JSONResponse(body, error.status_code, media_type="application/problem+json")


def main(arguments: Iterable[str] = sys.argv[1:]) -> None:
    port = next((int(a) for a in arguments), 8700)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
