"""A small office whose documents and contacts are put in by hand, so that every figure is known beforehand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from models.database import make_engine
from models.tables import (
    ConversationRow,
    EvidenceRow,
    InvoiceEventRow,
    InvoiceLineRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    PaymentRow,
    TaggingFeatureRow,
    TaggingReasonRow,
    TaggingRow,
    TemplatePageRow,
    TemplateVersionRow,
    TemplateZoneRow,
    TurnRow,
)
from models.taxonomy import STEP_OF_REASON, Feature, Reason
from models.values import DocumentType, InvoiceEventKind

Row = TypeVar("Row")


@dataclass
class Office:
    """Puts rows in. Moments are noon UTC; what a test does not care about has a plain default."""

    session: Session
    organisation: OrganisationRow
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def version(
        self,
        name: str,
        document_type: DocumentType = DocumentType.INVOICE,
        valid_from: date = date(2026, 1, 1),
        zones: tuple[Feature, ...] = (),
        pages: tuple[bytes, ...] = (),
    ) -> TemplateVersionRow:
        return self._stored(
            TemplateVersionRow(
                organisation_id=self.organisation.id,
                name=name,
                document_type=document_type.value,
                valid_from=valid_from,
                payment_methods=["bank_transfer"],
                content_hash=name,
                zones=[
                    TemplateZoneRow(feature=z.value, page=1, x0=0.1, y0=0.2, x1=0.3, y1=0.4, text="") for z in zones
                ],
                pages=[TemplatePageRow(number=number, image=image) for number, image in enumerate(pages, start=1)],
            )
        )

    def invoice(self, on: date, version: TemplateVersionRow | None = None, **more: Any) -> InvoiceEventRow:
        """An invoice and the event that sends it."""
        return self.invoices(1, on, version, **more)[0]

    def invoices(
        self, number: int, on: date, version: TemplateVersionRow | None = None, **more: Any
    ) -> list[InvoiceEventRow]:
        """That many invoices alike, and the events that send them."""
        rows = [self._invoice(on, version, **more) for _ in range(number)]
        self.session.add_all(rows)
        self.session.flush()
        return [row.events[0] for row in rows]

    def _invoice(self, on: date, version: TemplateVersionRow | None, **more: Any) -> InvoiceRow:
        number = str(next(self.numbers))
        return InvoiceRow(
            organisation_id=self.organisation.id,
            number_hash=number,
            content_hash=number,
            template_version_id=version.id if version else None,
            issued_on=on,
            currency="SEK",
            lines=[InvoiceLineRow(position=1, name="Elöverföring", amount=Decimal("100.00"))],
            events=[self._event(InvoiceEventKind.SENT, on, version)],
            **{"due_on": on + timedelta(days=30), "amount": Decimal("100.00")} | more,
        )

    def event(
        self, invoice_id: int, kind: InvoiceEventKind, on: date, version: TemplateVersionRow | None = None
    ) -> InvoiceEventRow:
        event = self._event(kind, on, version)
        event.invoice_id = invoice_id
        return self._stored(event)

    def _event(self, kind: InvoiceEventKind, on: date, version: TemplateVersionRow | None) -> InvoiceEventRow:
        return InvoiceEventRow(
            organisation_id=self.organisation.id,
            kind=kind.value,
            on=on,
            template_version_id=version.id if version else None,
        )

    def contact(
        self,
        on: date | datetime | None,
        reason: Reason,
        about: InvoiceEventRow | None = None,
        *,
        also: tuple[Reason, ...] = (),
        features: tuple[Feature, ...] = (),
        seconds: float | None = 60,
        texts: tuple[str, ...] = ("Hello",),
        evidence: tuple[EvidenceRow, ...] = (),
        **more: Any,
    ) -> ConversationRow:
        """A conversation of a minute with its current tagging, linked to a document or not; has its id once flushed."""
        number = str(next(self.numbers))
        noon = on if isinstance(on, datetime) or on is None else datetime.combine(on, time(12), UTC)
        step = None if reason is Reason.NOT_BILLING else STEP_OF_REASON[reason].value
        row = ConversationRow(
            organisation_id=self.organisation.id,
            external_id=number,
            content_hash=number,
            language=more.pop("language", "sv"),
            channel=more.pop("channel", "phone"),
            started_at=noon,
            handling_seconds=seconds,
            turns=[TurnRow(position=n, speaker="customer", text=text) for n, text in enumerate(texts)],
            taggings=[tagging(reason, also=also, features=features, step=more.pop("step", step), evidence=evidence)],
            links=[
                LinkRow(invoice_id=about.invoice_id, event_id=about.id, score=0.9, because="number said", best=True)
                for about in [about]
                if about
            ],
            **more,
        )
        self.session.add(row)
        return row

    def link(self, contact: ConversationRow, about: InvoiceEventRow, best: bool) -> None:
        link = LinkRow(
            invoice_id=about.invoice_id, event_id=about.id, score=0.5, because="customer and date", best=best
        )
        contact.links.append(link)
        self.session.flush()

    def superseded(self, contact: ConversationRow, reason: Reason) -> None:
        """An earlier reading of the conversation that a newer one has replaced."""
        contact.taggings.append(tagging(reason, current=False))
        self.session.flush()

    def pay(self, invoice_id: int, on: date) -> None:
        payment = PaymentRow(
            organisation_id=self.organisation.id,
            external_id=str(next(self.numbers)),
            booked_on=on,
            amount=Decimal("100.00"),
            currency="SEK",
            reference_status="structured",
            invoice_id=invoice_id,
        )
        self.session.add(payment)
        self.session.flush()

    def _stored(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row


def tagging(
    reason: Reason,
    *,
    also: tuple[Reason, ...] = (),
    features: tuple[Feature, ...] = (),
    step: str | None = None,
    evidence: tuple[EvidenceRow, ...] = (),
    current: bool = True,
) -> TaggingRow:
    return TaggingRow(
        current=current,
        primary_reason=reason.value,
        confidence=0.9,
        step=step,
        uncertain=False,
        model_version="test",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        reasons=[TaggingReasonRow(reason=one.value, confidence=0.9) for one in (reason, *also)],
        features=[TaggingFeatureRow(feature=one.value, confidence=0.8) for one in features],
        evidence=list(evidence),
    )


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One database of each kind for all of these tests: they roll back what they put in."""
    engine = make_engine(request.getfixturevalue(f"insights_on_{request.param}"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def insights_on_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("insights") / "insights.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def insights_on_postgres(postgres: str) -> str:
    with create_engine(postgres, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE insights TEMPLATE migrated"))
    return postgres.replace("/postgres?", "/insights?")


@pytest.fixture
def office(shared_engine: Engine) -> Iterator[Office]:
    with Session(shared_engine) as session:
        organisation = OrganisationRow(slug="test", name="Test AB", currency="SEK", cost_per_minute=Decimal("9.50"))
        session.add(organisation)
        session.flush()
        yield Office(session, organisation)


@pytest.fixture
def other_office(office: Office) -> Office:
    """Another organisation in the same database."""
    row = OrganisationRow(slug="other", name="Other AB", currency="NOK", cost_per_minute=Decimal("5.00"))
    office.session.add(row)
    office.session.flush()
    return Office(office.session, row)
