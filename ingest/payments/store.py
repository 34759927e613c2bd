"""Payments as rows, joined to the invoices that they pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from ingest.rows import chunks, insert_rows
from ingest.tools import Tools
from models.tables import InvoiceEventRow, InvoiceRow, PaymentRow
from models.values import InvoiceEventKind, Payment, PiiKind


class _Owed(NamedTuple):
    """An invoice that a payment's reference leads to."""

    id: int
    issued_on: date
    amount: Decimal
    currency: str


def store_payments(
    session: Session, organisation_id: int, payments: Sequence[Payment], tools: Tools, import_id: int | None
) -> list[str]:
    """Store new payments and join them to their invoices. A bank's own id is kept as a keyed hash only."""
    rows = [_row(payment, organisation_id, import_id, tools) for payment in payments]
    known = _known(session, organisation_id, [str(row["external_id"]) for row in rows])
    fresh = [row for row in rows if row["external_id"] not in known]
    insert_rows(session, PaymentRow, fresh)
    match_payments(session, organisation_id, {str(row["reference_hash"]) for row in fresh if row["reference_hash"]})
    return ["duplicate" if row["external_id"] in known else "imported" for row in rows]


def _row(payment: Payment, organisation_id: int, import_id: int | None, tools: Tools) -> dict[str, object]:
    reference, hasher = payment.reference, tools.hasher
    columns = payment.model_dump(exclude={"id", "reference"})
    return columns | {
        "organisation_id": organisation_id,
        "import_id": import_id,
        "external_id": hasher.content([b"payment", payment.id.encode()]),
        "reference_hash": hasher.hash(PiiKind.PAYMENT_REFERENCE, reference) if reference else None,
    }


def _known(session: Session, organisation_id: int, external_ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for chunk in chunks(external_ids):
        stored = select(PaymentRow.external_id).where(
            PaymentRow.organisation_id == organisation_id, PaymentRow.external_id.in_(chunk)
        )
        known |= set(session.scalars(stored))
    return known


def match_payments(session: Session, organisation_id: int, hashes: Collection[str]) -> None:
    """Join the payments with these reference hashes to the invoices that have them, whichever came first."""
    for chunk in chunks(set(hashes)):
        payments = session.execute(
            select(
                PaymentRow.id, PaymentRow.reference_hash, PaymentRow.booked_on, PaymentRow.amount, PaymentRow.invoice_id
            ).where(PaymentRow.organisation_id == organisation_id, PaymentRow.reference_hash.in_(chunk))
        ).all()
        if not payments:
            continue
        owed = _owed(session, organisation_id, chunk)
        pays = {payment: _paid_by(payment, owed.get(payment.reference_hash, [])) for payment in payments}
        moved = [
            {"payment": payment.id, "invoice": invoice}
            for payment, invoice in pays.items()
            if invoice != payment.invoice_id
        ]
        if moved:
            columns = PaymentRow.__table__.c
            statement = update(PaymentRow.__table__).where(columns.id == bindparam("payment"))  # type: ignore[arg-type]
            session.execute(statement.values(invoice_id=bindparam("invoice")), moved)
        _record_paid(session, organisation_id, {invoice for invoice in pays.values() if invoice is not None})


def _owed(session: Session, organisation_id: int, hashes: Sequence[str]) -> dict[str, list[_Owed]]:
    """Invoices by payment reference; by invoice number, which some payers give instead, where no reference is."""
    found: dict[str, list[_Owed]] = {}
    for column in (InvoiceRow.number_hash, InvoiceRow.reference_hash):
        rows = session.execute(
            select(column, InvoiceRow.id, InvoiceRow.issued_on, InvoiceRow.amount, InvoiceRow.currency).where(
                InvoiceRow.organisation_id == organisation_id, column.in_(hashes)
            )
        )
        by_hash: dict[str, list[_Owed]] = defaultdict(list)
        for hash, id, issued_on, amount, currency in rows:
            by_hash[str(hash)].append(_Owed(id, issued_on, amount, currency))
        found |= by_hash
    return found


def _paid_by(payment: Row[int, str | None, date, Decimal, int | None], owed: Sequence[_Owed]) -> int | None:
    """The invoice that a payment is for: of several with one reference the one of that amount, or else the newest."""
    best = max(
        owed,
        key=lambda invoice: (
            invoice.issued_on <= payment.booked_on,
            invoice.amount == abs(payment.amount),
            invoice.issued_on,
            invoice.id,
        ),
        default=None,
    )
    return None if best is None else best.id


def _record_paid(session: Session, organisation_id: int, invoice_ids: set[int]) -> None:
    """An invoice with no day of payment of its own gets the day on which its payments first covered it."""
    paid = select(InvoiceEventRow.invoice_id).where(InvoiceEventRow.kind == InvoiceEventKind.PAID)
    events = []
    for chunk in chunks(invoice_ids):
        money: dict[tuple[int, Decimal], list[tuple[date, Decimal]]] = defaultdict(list)
        for id, owed, on, amount in session.execute(
            select(InvoiceRow.id, InvoiceRow.amount, PaymentRow.booked_on, PaymentRow.amount)
            .join(PaymentRow, PaymentRow.invoice_id == InvoiceRow.id)
            .where(InvoiceRow.id.in_(chunk), InvoiceRow.id.not_in(paid.where(InvoiceEventRow.invoice_id.in_(chunk))))
            .where(PaymentRow.currency == InvoiceRow.currency, InvoiceRow.amount > Decimal(0))
            .order_by(PaymentRow.booked_on, PaymentRow.id)
        ):
            money[id, owed].append((on, amount))
        for (id, owed), payments in money.items():
            if covered_on := _covered_on(owed, payments):
                kind = InvoiceEventKind.PAID
                events.append({"organisation_id": organisation_id, "invoice_id": id, "kind": kind, "on": covered_on})
    insert_rows(session, InvoiceEventRow, events)


def _covered_on(owed: Decimal, payments: Sequence[tuple[date, Decimal]]) -> date | None:
    if sum(amount for _, amount in payments) < owed:
        return None
    total = Decimal(0)
    return next(on for on, amount in payments if (total := total + amount) >= owed)
