"""One example answer for each route of the OpenAPI document, built from the values so that none can be wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from api.bodies import StoredConversation, TaggedConversation
from api.routes.health import Health
from api.routes.taxonomy import FeatureLabel, GroupLabel, ReasonLabel, StepLabel, Taxonomy
from models import figures as f
from models.filters import FilterChoices
from models.privacy import (
    DEFAULT_DAYS,
    Erasure,
    RedactedTurn,
    Retention,
    ReviewFigures,
    ReviewItem,
    StoredRedaction,
)
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
from models.tags import Evidence, FeatureTag, ReasonTag
from models.taxonomy import Feature, Reason, ReasonGroup, Step
from models.values import DocumentType, InvoiceEventKind, InvoiceLine, PaymentMethod, PiiKind, Turn, Zone

REFERENCE = Reason.PAYMENT_REFERENCE
MOMENT = datetime(2026, 9, 14, 8, 12, tzinfo=UTC)
RATE = f.Ratio(count=84, denominator=5120, per=1000, value=16.4, low=13.1, high=20.3, too_few=False)
LOWER_RATE = f.Ratio(count=19, denominator=4980, per=1000, value=3.8, low=2.3, high=6.0, too_few=False)
WITHHELD = f.Ratio(count=2, denominator=5120, per=1000, value=None, low=None, high=None, too_few=True)
SHARE = f.Ratio(count=84, denominator=402, per=100, value=20.9, low=17.2, high=25.1, too_few=False)
COST = f.MoneyEstimate(amount=Decimal("4788.00"), low=Decimal("3910.00"), high=Decimal("5666.00"), currency="SEK")
TEXT = "Hej, jag hittar inget OCR-nummer på fakturan."
EVIDENCE = Evidence(turn=0, start=5, end=44, score=0.94, because="payment_reference")

TAGGED = TaggedConversation(
    id="chat-4711",
    turns=(Turn(speaker=Speaker.CUSTOMER, text=TEXT),),
    primary=REFERENCE,
    confidence=0.91,
    reasons=(ReasonTag(id=REFERENCE, confidence=0.91, evidence=(EVIDENCE,)),),
    features=(FeatureTag(id=Feature.PAYMENT_REFERENCE, confidence=0.95, evidence=(EVIDENCE,)),),
    step=Step.ENTER_DETAILS,
    language="sv",
    probabilities={REFERENCE: 0.91, Reason.HOW_TO_PAY: 0.06},
    model_version="1",
)
REVIEWED = ReviewFigures(
    conversations=40,
    turns_with_leftovers=f.Ratio(count=1, denominator=420, per=100, value=0.2, low=0.0, high=1.3, too_few=False),
    by_kind={PiiKind.PERSON: 1},
)
ERASED = Erasure(
    id=1,
    subject="customer",
    door="api",
    conversations=2,
    invoices=9,
    payments=8,
    started_at=MOMENT,
    finished_at=MOMENT,
)
STORED = StoredConversation(id=1, external_id="chat-4711", outcome="imported", primary=REFERENCE, confidence=0.91)
SUMMARY = ConversationSummary(
    id=1,
    external_id="chat-4711",
    started_at=MOMENT,
    language="sv",
    channel=Channel.CHAT,
    queue="billing",
    handling_seconds=340,
    primary=REFERENCE,
    confidence=0.91,
    uncertain=False,
    step=Step.ENTER_DETAILS,
    template_version="invoice-3",
    quote=TEXT,
)
DETAIL = ConversationDetail(
    summary=SUMMARY,
    turns=(StoredTurn(position=0, speaker=Speaker.CUSTOMER, text=TEXT, offset_seconds=None),),
    reasons=(Tag(id=REFERENCE, confidence=0.91, evidence=(EVIDENCE,)),),
    features=(Tag(id=Feature.PAYMENT_REFERENCE, confidence=0.95, evidence=(EVIDENCE,)),),
    runner_up=None,
    probabilities=TAGGED.probabilities,
    model_version="1",
    corrected=False,
    invoice=LinkedInvoice(
        invoice_id=7,
        score=0.98,
        because="invoice number said",
        template_version="invoice-3",
        document_type=DocumentType.INVOICE,
        issued_on=date(2026, 9, 8),
        due_on=date(2026, 9, 30),
        amount=Decimal("412.50"),
        currency="SEK",
        lines=(InvoiceLine(name="Elförbrukning", amount=Decimal("412.50")),),
        events=(LinkedEvent(kind=InvoiceEventKind.SENT, on=date(2026, 9, 8), template_version="invoice-3"),),
    ),
)
PERIOD = f.PeriodFigures(
    since=date(2026, 9, 1),
    until=date(2026, 9, 30),
    contacts=402,
    billing_contacts=351,
    cost=COST,
    per_thousand_documents=RATE,
    billing_share=SHARE,
    paid_late_after_contact=SHARE,
)
OVERVIEW = f.Overview(
    period=PERIOD,
    previous=None,
    cost_per_minute=Decimal("9.50"),
    mend_first=(
        f.Mend(
            template_version="invoice-3",
            document_type=DocumentType.INVOICE,
            feature=Feature.PAYMENT_REFERENCE,
            contacts=84,
            rate=RATE,
            monthly_cost=COST,
            top_reason=REFERENCE,
        ),
    ),
    trend=(f.TrendPoint(week=date(2026, 9, 14), group=ReasonGroup.PAY, contacts=31, documents=1240),),
    releases=(f.Release(on=date(2026, 9, 1), template_version="invoice-3", document_type=DocumentType.INVOICE),),
    linked=SHARE,
    freshness=f.Freshness(
        newest_conversation=MOMENT,
        newest_document=date(2026, 9, 30),
        newest_payment=date(2026, 9, 29),
        last_import=MOMENT,
    ),
)
REASON = f.ReasonFigures(
    reason=REFERENCE, group=ReasonGroup.PAY, contacts=84, raised=97, share=SHARE, cost=COST, previous_contacts=21
)
TEMPLATE = f.TemplateSummary(
    name="invoice-3",
    document_type=DocumentType.INVOICE,
    valid_from=date(2026, 9, 1),
    valid_to=None,
    pages=1,
    payment_methods=(PaymentMethod.BANK_TRANSFER, PaymentMethod.SWISH),
    channel=None,
    segment="consumer",
    note="The reference moved to the foot of the page.",
    documents=5120,
    rate=RATE,
)
FEATURE = f.FeatureRate(feature=Feature.PAYMENT_REFERENCE, shown=True, rate=RATE)
STEP = f.StepFigures(step=Step.ENTER_DETAILS, documents=5120, contacts=84, rate=RATE, cost=COST)

ANSWERS: dict[str, Any] = {
    "tag_conversation": TAGGED,
    "add_conversations": STORED,
    "get_conversations": ConversationPage(items=(SUMMARY,), total=351, offset=0, limit=1),
    "get_conversation": DETAIL,
    "correct_conversation": DETAIL.model_copy(update={"corrected": True, "model_version": "person"}),
    "get_overview": OVERVIEW,
    "get_reasons": [REASON],
    "get_reason": f.ReasonDetail(
        figures=REASON,
        weeks=(f.ReasonWeek(week=date(2026, 9, 14), reason=REFERENCE, contacts=22),),
        breakdowns=(f.Breakdown(dimension="language", key="sv", contacts=84, share=SHARE),),
    ),
    "get_templates": [TEMPLATE],
    "compare_templates": [
        f.FeatureDifference(
            feature=Feature.PAYMENT_REFERENCE,
            first=f.FeatureRate(feature=Feature.PAYMENT_REFERENCE, shown=True, rate=LOWER_RATE),
            second=FEATURE,
            difference=12.6,
            low=8.7,
            high=16.7,
        )
    ],
    "get_template_map": f.InvoiceMap(
        template=TEMPLATE,
        zones=(Zone(feature=Feature.PAYMENT_REFERENCE, page=1, x0=0.62, y0=0.9, x1=0.94, y1=0.93, text="OCR"),),
        features=(FEATURE, f.FeatureRate(feature=Feature.VAT, shown=True, rate=WITHHELD)),
    ),
    "get_steps": f.PaymentSteps(
        steps=(STEP,), slices=(f.StepSlice(dimension="payment_method", key="bank_transfer", steps=(STEP,)),)
    ),
    "get_changes": [
        f.ChangeVerdict(
            before="invoice-2",
            after="invoice-3",
            document_type=DocumentType.INVOICE,
            changed_on=date(2026, 9, 1),
            reason=REFERENCE,
            before_rate=LOWER_RATE,
            after_rate=RATE,
            ratio=4.3,
            low=2.3,
            high=8.6,
            verdict=f.Verdict.WORSE,
        )
    ],
    "get_alarms": [
        f.BadRun(
            sent_on=date(2026, 8, 12),
            template_version="invoice-2",
            document_type=DocumentType.INVOICE,
            reason=Reason.INCORRECT_INVOICE,
            documents=310,
            contacts=28,
            expected=1.9,
            times_expected=14.7,
            p_value=0.0001,
        )
    ],
    "get_imports": [
        ImportSummary(
            id=1,
            file_name="conversations.jsonl",
            kind="conversations_jsonl",
            started_at=MOMENT,
            finished_at=MOMENT,
            imported=1500,
            duplicates=0,
            rejected=2,
            redactions={"person": 2143, "phone": 610},
        )
    ],
    "get_choices": FilterChoices(
        first_day=date(2026, 7, 1),
        last_day=date(2026, 10, 31),
        default_since=date(2026, 10, 1),
        default_until=date(2026, 10, 31),
        languages=("en", "sv"),
        channels=(Channel.PHONE, Channel.CHAT),
        queues=("billing",),
        document_types=(DocumentType.INVOICE, DocumentType.REMINDER),
        template_versions=("invoice-2", "invoice-3"),
        segments=("business", "consumer"),
    ),
    "get_taxonomy": Taxonomy(
        language="en",
        groups=(GroupLabel(id=ReasonGroup.PAY, label="Paying"),),
        reasons=(ReasonLabel(id=REFERENCE, label="Payment reference", group=ReasonGroup.PAY, step=Step.ENTER_DETAILS),),
        features=(FeatureLabel(id=Feature.PAYMENT_REFERENCE, label="Payment reference", terms=("BT-83",)),),
        steps=(StepLabel(id=Step.ENTER_DETAILS, label="Enter the details"),),
    ),
    "erase": ERASED,
    "get_erasures": [ERASED],
    "get_review_sample": [
        ReviewItem(
            conversation_id=1,
            language="sv",
            turns=(
                RedactedTurn(
                    position=0,
                    speaker=Speaker.CUSTOMER,
                    text="Hej, [PERSON_1] här.",
                    redactions=(
                        StoredRedaction(kind=PiiKind.PERSON, start=5, end=15, score=0.98, because="recogniser"),
                    ),
                ),
            ),
        )
    ],
    "add_review": REVIEWED,
    "get_reviews": REVIEWED,
    "get_retention": [Retention(data_class=each, days=days, is_default=True) for each, days in DEFAULT_DAYS.items()],
    "get_health": Health(version="0.1.0", database=True, model_version="1"),
}


def as_json(operation_id: str) -> Any:
    """The example as it goes over the wire, or ``None``."""
    answer = ANSWERS.get(operation_id)
    return None if answer is None else TypeAdapter(Any).dump_python(answer, mode="json")
