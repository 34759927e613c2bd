"""The shapes in which what is stored is looked at one by one: conversations, their invoices, imports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime

from models.speech import Channel, Speaker
from models.tags import Evidence, Probability
from models.taxonomy import Reason, Step
from models.values import Currency, DocumentType, InvoiceEventKind, InvoiceLine, Value


class Tag(Value):
    """A reason or feature of a conversation with its confidence and the words that prove it."""

    id: str
    confidence: Probability
    evidence: tuple[Evidence, ...]


class StoredTurn(Value):
    position: int
    speaker: Speaker
    text: str
    offset_seconds: float | None


class LinkedEvent(Value):
    kind: InvoiceEventKind
    on: date
    template_version: str | None


class LinkedInvoice(Value):
    """The invoice that a conversation is about, without any number that leads to a person."""

    invoice_id: int
    score: Probability
    because: str
    template_version: str | None
    document_type: DocumentType
    issued_on: date
    due_on: date | None
    amount: Decimal
    currency: Currency
    lines: tuple[InvoiceLine, ...]
    events: tuple[LinkedEvent, ...]


class ConversationSummary(Value):
    """Without words where they were purged or erased; ``external_id`` is empty once that is gone too."""

    id: int
    external_id: str
    started_at: AwareDatetime | None
    language: str
    channel: Channel
    queue: str | None
    handling_seconds: float | None
    primary: Reason
    confidence: Probability
    uncertain: bool
    step: Step | None
    template_version: str | None
    quote: str
    words_kept: bool = True


class ConversationPage(Value):
    """``items`` from ``offset`` on, of ``total`` that match."""

    items: tuple[ConversationSummary, ...]
    total: int
    offset: int
    limit: int


class ConversationDetail(Value):
    summary: ConversationSummary
    turns: tuple[StoredTurn, ...]
    reasons: tuple[Tag, ...]
    features: tuple[Tag, ...]
    runner_up: Reason | None
    probabilities: dict[Reason, Probability]
    model_version: str
    corrected: bool
    invoice: LinkedInvoice | None


class ImportSummary(Value):
    id: int
    file_name: str
    kind: str
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    imported: int
    duplicates: int
    rejected: int
    redactions: dict[str, int]
