"""The schema is what the migrations make, and values come back as they went in, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from models.database import upgrade
from models.tables import Base, ConversationRow, InvoiceLineRow, InvoiceRow, OrganisationRow, TurnRow


def conversation(organisation: OrganisationRow, external_id: str = "c-1", **more: object) -> ConversationRow:
    return ConversationRow(
        organisation_id=organisation.id,
        external_id=external_id,
        content_hash="0" * 64,
        language="sv",
        channel="chat",
        **more,
    )


def invoice(organisation: OrganisationRow, amount: Decimal, number_hash: str = "1" * 64) -> InvoiceRow:
    return InvoiceRow(
        organisation_id=organisation.id,
        number_hash=number_hash,
        content_hash="0" * 64,
        issued_on=date(2026, 8, 1),
        amount=amount,
        currency="SEK",
    )


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine, organisation: OrganisationRow) -> None:
    upgrade(engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(OrganisationRow)) == 1


def test_money_is_summed_to_the_minor_unit(engine: Engine, organisation: OrganisationRow) -> None:
    with Session(engine) as session, session.begin():
        session.add_all([invoice(organisation, Decimal("0.10"), str(n) * 64) for n in range(3)])
    with Session(engine) as session:
        assert session.scalar(select(func.sum(InvoiceRow.amount))) == Decimal("0.30")


def test_a_unit_price_keeps_all_its_decimals(engine: Engine, organisation: OrganisationRow) -> None:
    with Session(engine) as session, session.begin():
        row = invoice(organisation, Decimal(100))
        row.lines.append(InvoiceLineRow(position=0, name="El", unit_price=Decimal("0.87654"), amount=Decimal(100)))
        session.add(row)
    with Session(engine) as session:
        assert session.scalar(select(InvoiceLineRow.unit_price)) == Decimal("0.87654")


def test_times_come_back_aware_and_in_utc(engine: Engine, organisation: OrganisationRow) -> None:
    stockholm_summer = timezone(timedelta(hours=2))
    with Session(engine) as session, session.begin():
        session.add(conversation(organisation, started_at=datetime(2026, 8, 1, 1, 30, tzinfo=stockholm_summer)))
    with Session(engine) as session:
        stored = session.scalar(select(ConversationRow.started_at))
        assert stored == datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
        assert stored.tzinfo is not None


def test_a_time_without_a_zone_is_refused(engine: Engine, organisation: OrganisationRow) -> None:
    naive = datetime(2026, 8, 1, 1, 30)  # noqa: DTZ001 (the point of the test)
    with Session(engine) as session, pytest.raises(StatementError, match="aware"):
        session.add(conversation(organisation, started_at=naive))
        session.flush()


def test_an_organisation_cannot_hold_the_same_conversation_twice(engine: Engine, organisation: OrganisationRow) -> None:
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.add_all([conversation(organisation), conversation(organisation)])
        session.flush()


def test_deleting_an_organisation_deletes_all_that_is_its(engine: Engine, organisation: OrganisationRow) -> None:
    with Session(engine) as session, session.begin():
        row = conversation(organisation)
        row.turns.append(TurnRow(position=0, speaker="customer", text="hej"))
        session.add(row)
    with Session(engine) as session, session.begin():
        session.delete(session.get_one(OrganisationRow, organisation.id))
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(TurnRow)) == 0
