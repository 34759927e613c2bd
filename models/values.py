"""The frozen values that travel through pipeline, API and dashboard. One shape, defined once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.speech import LONGEST_ID, Channel, Speaker
from models.tags import Probability
from models.taxonomy import Feature

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Value(BaseModel):
    """Base of every value: frozen, compared by content; unknown keys of foreign files are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# ------------------------------------------------------------------------------------------- conversations


class Turn(Value):
    """One uninterrupted contribution. ``offset_seconds`` counts from the start of the conversation."""

    speaker: Speaker = Speaker.UNKNOWN
    text: str
    offset_seconds: float | None = Field(default=None, allow_inf_nan=False)


class Conversation(Value):
    """One contact of one customer, as a reader hands it on. ``language`` is an ISO 639-1 code where known."""

    id: str = Field(min_length=1, max_length=LONGEST_ID)
    turns: tuple[Turn, ...] = Field(min_length=1)
    language: str | None = None
    channel: Channel = Channel.UNKNOWN
    started_at: AwareDatetime | None = None
    handling_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    queue: str | None = None
    customer_number: str | None = None
    invoice_number: str | None = None


# ------------------------------------------------------------------------------------------- personal data


class PiiKind(StrEnum):
    """Kinds of personal data and of numbers that lead to a person."""

    PERSON = "person"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_ID = "national_id"
    CARD = "card"
    ACCOUNT = "account"
    PAYMENT_REFERENCE = "payment_reference"
    INVOICE_NUMBER = "invoice_number"
    CUSTOMER_NUMBER = "customer_number"


class PiiFind(Value):
    """One stretch of personal data: ``turns[turn].text[start:end]`` of the text *before* redaction."""

    kind: PiiKind
    turn: int = Field(ge=0)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    score: Probability
    because: str


class SaidReference(Value):
    """A number that linking needs, as digits and letters only. Lives in memory; only its keyed hash is stored."""

    kind: Literal[PiiKind.PAYMENT_REFERENCE, PiiKind.INVOICE_NUMBER, PiiKind.CUSTOMER_NUMBER]
    value: str
    turn: int = Field(ge=0)


class Redacted(Value):
    """A conversation with placeholders in place of personal data, what was found, and the numbers linking needs."""

    conversation: Conversation
    finds: tuple[PiiFind, ...] = ()
    references: tuple[SaidReference, ...] = ()


# ------------------------------------------------------------------------------------------- documents


class DocumentType(StrEnum):
    """The letters that ask for money."""

    INVOICE = "invoice"
    REMINDER = "reminder"
    COLLECTION_NOTICE = "collection_notice"


class PaymentMethod(StrEnum):
    """Ways to pay that Nordic invoices offer."""

    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"
    E_INVOICE = "e_invoice"
    CARD = "card"
    SWISH = "swish"
    VIPPS_MOBILEPAY = "vipps_mobilepay"
    GIRO_SLIP = "giro_slip"
    OTHER = "other"


class Zone(Value):
    """Where a feature is printed on a page. Coordinates are shares (0–1) of the page from its upper left corner."""

    feature: Feature
    page: int = Field(ge=1)
    x0: Probability
    y0: Probability
    x1: Probability
    y1: Probability
    text: str = ""


class TemplateVersion(Value):
    """A bundle: all that a recipient meets when a document of this version arrives.

    ``pages`` are PNG images in page order, empty where no layout was given. ``valid_to`` is inclusive.
    """

    name: str = Field(min_length=1, max_length=100)
    document_type: DocumentType
    valid_from: date
    valid_to: date | None = None
    zones: tuple[Zone, ...] = ()
    pages: tuple[bytes, ...] = ()
    payee_account: str | None = None
    payment_methods: tuple[PaymentMethod, ...] = ()
    sender: str | None = None
    channel: str | None = None
    segment: str | None = None
    note: str = ""


class InvoiceLine(Value):
    """One row of an invoice (EN 16931 BG-25). ``amount`` is the line net amount, BT-131."""

    name: str
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    amount: Decimal


class InvoiceEventKind(StrEnum):
    """What can happen to an invoice. The first three send a document to the customer."""

    SENT = "sent"
    REMINDED = "reminded"
    COLLECTED = "collected"
    DUE = "due"
    PAID = "paid"
    CREDITED = "credited"
    DISPUTED = "disputed"


class InvoiceEvent(Value):
    """One dated step in an invoice's life; ``template_version`` names the letter where one was sent."""

    kind: InvoiceEventKind
    on: date
    template_version: str | None = None


class Invoice(Value):
    """An invoice with its lines and its life. ``amount`` is the amount due for payment, BT-115."""

    number: str = Field(min_length=1, max_length=100)
    customer_number: str | None = None
    payment_reference: str | None = None
    template_version: str | None = None
    issued_on: date
    due_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    amount: Decimal
    currency: Currency
    delivery_channel: str | None = None
    payment_method: PaymentMethod | None = None
    segment: str | None = None
    lines: tuple[InvoiceLine, ...] = ()
    events: tuple[InvoiceEvent, ...] = ()


# ------------------------------------------------------------------------------------------- payments


class ReferenceStatus(StrEnum):
    """How well a payment says what it pays."""

    STRUCTURED = "structured"
    FREE_TEXT = "free_text"
    BLANK = "blank"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Payment(Value):
    """Money that came in. ``id`` is unique within the payee's files; ``amount`` is negative for a reversal."""

    id: str = Field(min_length=1, max_length=200)
    booked_on: date
    amount: Decimal
    currency: Currency
    reference: str | None = None
    reference_status: ReferenceStatus = ReferenceStatus.UNKNOWN
    channel: str | None = None
    payee_account: str | None = None
