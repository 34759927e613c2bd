"""The rows that Tydlig keeps. Everything belongs to an organisation.

Numbers that lead to a person (customer number, invoice number, payment reference) are stored as keyed hashes only:
64 hexadecimal characters of HMAC-SHA-256, in columns that end in ``_hash``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from models.columns import ExactDecimal, Money, UtcDateTime


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, Decimal: Money, list[str]: JSON}  # noqa: RUF012 (SQLAlchemy's own form)


class OrganisationRow(Base):
    """The firm whose customers speak. ``currency`` is what its figures are stated in.

    ``retention`` holds days by class of data where they differ from the default; null means: keep.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    cost_per_minute: Mapped[Decimal | None]
    retention: Mapped[dict[str, int | None]] = mapped_column(JSON, default=dict, server_default="{}")


class KeyRow(Base):
    """One row for the whole database: the keyed hash of nothing, by which it knows the key of all its hashes."""

    __tablename__ = "key"

    id: Mapped[int] = mapped_column(primary_key=True)
    check: Mapped[str] = mapped_column(String(64))


# ------------------------------------------------------------------------------------------- import log


class ImportRow(Base):
    """One file handed in. ``content_hash`` is SHA-256 of the file's bytes, keyed like every other hash."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    content_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    imported: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    redactions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class ImportItemRow(Base):
    """What became of one item of a file: ``imported``, ``duplicate`` or ``rejected`` with the reason."""

    __tablename__ = "import_item"
    __table_args__ = (Index(None, "import_id", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    line: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    problem: Mapped[str | None] = mapped_column(Text)


# ------------------------------------------------------------------------------------------- conversations


class ConversationRow(Base):
    """A redacted contact. ``content_hash`` tells the same conversation from a changed one under the same id.

    Once ``words_gone_at`` is set, its turns and evidence are deleted and no import brings them back. Once
    ``numbers_gone_at`` is set, ``external_id`` is a keyed hash that only recognises the same conversation.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        Index(None, "organisation_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
    external_id: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(3))
    channel: Mapped[str] = mapped_column(String(10))
    queue: Mapped[str | None] = mapped_column(String(100))
    started_at: Mapped[datetime | None]
    handling_seconds: Mapped[float | None]
    customer_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    words_gone_at: Mapped[datetime | None]
    numbers_gone_at: Mapped[datetime | None]

    turns: Mapped[list[TurnRow]] = relationship(order_by="TurnRow.position", cascade="all, delete-orphan")
    taggings: Mapped[list[TaggingRow]] = relationship(order_by="TaggingRow.id", cascade="all, delete-orphan")
    links: Mapped[list[LinkRow]] = relationship(order_by="LinkRow.score.desc()", cascade="all, delete-orphan")


class TurnRow(Base):
    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    position: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    offset_seconds: Mapped[float | None]


class TaggingRow(Base):
    """One reading of a conversation, by a model or by a person; the figures count the ``current`` one."""

    __tablename__ = "tagging"
    __table_args__ = (Index(None, "conversation_id", "current"), Index(None, "primary_reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    current: Mapped[bool]
    primary_reason: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]
    step: Mapped[str | None] = mapped_column(String(20))
    uncertain: Mapped[bool]
    runner_up: Mapped[str | None] = mapped_column(String(40))
    probabilities: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    model_version: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    reasons: Mapped[list[TaggingReasonRow]] = relationship(
        order_by="TaggingReasonRow.id", cascade="all, delete-orphan", lazy="selectin"
    )
    features: Mapped[list[TaggingFeatureRow]] = relationship(
        order_by="TaggingFeatureRow.id", cascade="all, delete-orphan", lazy="selectin"
    )
    evidence: Mapped[list[EvidenceRow]] = relationship(
        order_by="EvidenceRow.id", cascade="all, delete-orphan", lazy="selectin"
    )


class TaggingReasonRow(Base):
    __tablename__ = "tagging_reason"
    __table_args__ = (UniqueConstraint("tagging_id", "reason"), Index(None, "reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    tagging_id: Mapped[int] = mapped_column(ForeignKey("tagging.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]


class TaggingFeatureRow(Base):
    __tablename__ = "tagging_feature"
    __table_args__ = (UniqueConstraint("tagging_id", "feature"), Index(None, "feature"))

    id: Mapped[int] = mapped_column(primary_key=True)
    tagging_id: Mapped[int] = mapped_column(ForeignKey("tagging.id", ondelete="CASCADE"))
    feature: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]


class EvidenceRow(Base):
    """``text[start:end]`` of the redacted turn at ``turn`` shows the reason or the feature named here."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    tagging_id: Mapped[int] = mapped_column(ForeignKey("tagging.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str | None] = mapped_column(String(40))
    feature: Mapped[str | None] = mapped_column(String(40))
    turn: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    score: Mapped[float]
    because: Mapped[str] = mapped_column(Text)


class RedactionRow(Base):
    """Personal data that was taken out: ``text[start:end]`` of the turn at ``turn`` is its placeholder."""

    __tablename__ = "redaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    turn: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    because: Mapped[str] = mapped_column(String(200))


class CorrectionRow(Base):
    """A person put a tag right: ``after`` is the tagging that counts from then on."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("tagging.id", ondelete="CASCADE"))
    after_id: Mapped[int] = mapped_column(ForeignKey("tagging.id", ondelete="CASCADE"))
    author: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


# ------------------------------------------------------------------------------------------- documents


class TemplateVersionRow(Base):
    """A version of a letter: layout, zones and all else that a recipient meets with it."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    document_type: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    payee_account: Mapped[str | None] = mapped_column(String(60))
    payment_methods: Mapped[list[str]] = mapped_column(default=list)
    sender: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(40))
    segment: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str] = mapped_column(String(64))

    pages: Mapped[list[TemplatePageRow]] = relationship(order_by="TemplatePageRow.number", cascade="all, delete-orphan")
    zones: Mapped[list[TemplateZoneRow]] = relationship(order_by="TemplateZoneRow.id", cascade="all, delete-orphan")


class TemplatePageRow(Base):
    __tablename__ = "template_page"
    __table_args__ = (UniqueConstraint("template_version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id", ondelete="CASCADE"))
    number: Mapped[int]
    image: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class TemplateZoneRow(Base):
    __tablename__ = "template_zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id", ondelete="CASCADE"), index=True)
    feature: Mapped[str] = mapped_column(String(40))
    page: Mapped[int]
    x0: Mapped[float]
    y0: Mapped[float]
    x1: Mapped[float]
    y1: Mapped[float]
    text: Mapped[str] = mapped_column(Text)


class InvoiceRow(Base):
    """An invoice. Once ``numbers_gone_at`` is set, ``number_hash`` only recognises it in a file that comes again."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number_hash"),
        Index(None, "organisation_id", "reference_hash"),
        Index(None, "organisation_id", "customer_hash", "issued_on"),
        Index(None, "organisation_id", "issued_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
    number_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    reference_hash: Mapped[str | None] = mapped_column(String(64))
    customer_hash: Mapped[str | None] = mapped_column(String(64))
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"), index=True)
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    delivery_channel: Mapped[str | None] = mapped_column(String(40))
    payment_method: Mapped[str | None] = mapped_column(String(20))
    segment: Mapped[str | None] = mapped_column(String(40))
    numbers_gone_at: Mapped[datetime | None]

    lines: Mapped[list[InvoiceLineRow]] = relationship(order_by="InvoiceLineRow.position", cascade="all, delete-orphan")
    events: Mapped[list[InvoiceEventRow]] = relationship(order_by="InvoiceEventRow.on", cascade="all, delete-orphan")


class InvoiceLineRow(Base):
    __tablename__ = "invoice_line"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    unit: Mapped[str | None] = mapped_column(String(20))
    unit_price: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    amount: Mapped[Decimal]


class InvoiceEventRow(Base):
    """A dated step of an invoice. ``sent``, ``reminded`` and ``collected`` are the documents that rates divide by."""

    __tablename__ = "invoice_event"
    __table_args__ = (
        UniqueConstraint("invoice_id", "kind", "on"),
        Index(None, "template_version_id", "on"),
        Index(None, "organisation_id", "kind", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    on: Mapped[date]
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"))


# ------------------------------------------------------------------------------------------- payments and links


class PaymentRow(Base):
    """Money that came in; ``invoice_id`` is the invoice that it pays where the reference tells."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        Index(None, "organisation_id", "reference_hash"),
        Index(None, "organisation_id", "booked_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
    external_id: Mapped[str] = mapped_column(String(200))
    booked_on: Mapped[date]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    reference_hash: Mapped[str | None] = mapped_column(String(64))
    reference_status: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(40))
    payee_account: Mapped[str | None] = mapped_column(String(60))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id", ondelete="SET NULL"), index=True)


class SaidReferenceRow(Base):
    """A number that a conversation gave, as a keyed hash: invoices that are imported later find it here.

    ``how`` is ``given`` (with the file), ``said`` (in the words) or ``repaired`` (put right by its check digit).
    """

    __tablename__ = "said_reference"
    __table_args__ = (UniqueConstraint("conversation_id", "kind", "value_hash"), Index(None, "value_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    value_hash: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(10))


class LinkRow(Base):
    """This conversation is about this invoice, and most likely about the document sent in ``event_id``."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("conversation_id", "invoice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_event.id", ondelete="SET NULL"), index=True)
    score: Mapped[float]
    because: Mapped[str] = mapped_column(String(200))
    best: Mapped[bool]


# ------------------------------------------------------------------------------------------- privacy


class PurgeRow(Base):
    """Data of one class outlived its days; ``rows`` counts conversations, or invoices with payments.

    Without ``finished_at`` the next purge still has to overwrite what was deleted.
    """

    __tablename__ = "purge"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    data_class: Mapped[str] = mapped_column(String(10))
    days: Mapped[int]
    rows: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ErasureRow(Base):
    """Somebody's data was erased on request; nothing here says whose. ``finished_at`` as in a purge."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(20))
    door: Mapped[str] = mapped_column(String(20))
    conversations: Mapped[int]
    invoices: Mapped[int]
    payments: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ReviewRow(Base):
    """A person read a redacted conversation and looked for personal data that was left."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    reviewer: Mapped[str] = mapped_column(String(100))
    turns: Mapped[int]
    turns_with_leftovers: Mapped[int]
    leftovers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
