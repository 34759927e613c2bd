"""The invoice register as CSV, one row an invoice line, the invoice's own columns repeated on its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ingest.delimited import Row, grouped, header_of
from ingest.fields import BadField, as_amount, as_date, problem_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Invoice, InvoiceEvent, InvoiceEventKind, InvoiceLine

KIND = "invoice_register_csv"
NAME = "invoice registers as CSV"
_REQUIRED = ("number", "issued_on", "amount", "currency")
_TEXTS = (
    "number",
    "customer_number",
    "payment_reference",
    "template_version",
    "currency",
    "delivery_channel",
    "payment_method",
    "segment",
)
_DATES = ("issued_on", "due_on", "period_start", "period_end")
_EVENTS = {
    InvoiceEventKind.REMINDED: ("reminded_on", "reminder_version"),
    InvoiceEventKind.COLLECTED: ("collected_on", "collection_version"),
    InvoiceEventKind.DUE: ("due_on", None),
    InvoiceEventKind.PAID: ("paid_on", None),
    InvoiceEventKind.CREDITED: ("credited_on", None),
    InvoiceEventKind.DISPUTED: ("disputed_on", None),
}
_REMEDY = "Mend the row and import the file again: what is stored already is not stored twice."


def recognises(head: str, name: str) -> bool:
    return set(_REQUIRED) <= set(header_of(head))


def read(source: Source) -> Iterator[Item[Invoice] | BadInput]:
    for rows in grouped(source, _REQUIRED, "number"):
        yield rows if isinstance(rows, BadInput) else _invoice(rows, source)


def _invoice(rows: list[Item[Row]], source: Source) -> Item[Invoice] | BadInput:
    """An invoice with a broken row is left out as a whole: its amount would not be that of its lines."""
    line = rows[0].line
    lines = []
    try:
        fields = _fields(rows[0].value)
        for line, row in rows:  # noqa: B007 (the error names the row that it stopped at)
            if row.get("line_name"):
                lines.append(_line(row))
        return Item(rows[0].line, Invoice(**fields, lines=tuple(lines)))
    except BadField as error:
        return source.bad(str(error), _REMEDY, line)
    except ValidationError as error:
        return source.bad(problem_of(error), _REMEDY, line)


def _fields(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = {name: row[name] for name in _TEXTS if row.get(name)}
    fields |= {name: as_date(name, row[name]) for name in _DATES if row.get(name)}
    if "issued_on" not in fields:
        raise BadField("issued_on is empty")
    fields["amount"] = as_amount("amount", row["amount"])
    fields["currency"] = row["currency"].upper()
    fields["events"] = tuple(_events(row))
    return fields


def _events(row: Row) -> Iterator[InvoiceEvent]:
    sent_on = as_date("sent_on", row.get("sent_on") or row["issued_on"])
    yield InvoiceEvent(kind=InvoiceEventKind.SENT, on=sent_on, template_version=row.get("template_version") or None)
    for kind, (day, version) in _EVENTS.items():
        if row.get(day):
            name = row.get(version) if version else None
            yield InvoiceEvent(kind=kind, on=as_date(day, row[day]), template_version=name or None)


def _line(row: Row) -> InvoiceLine:
    quantity, price = row.get("line_quantity"), row.get("line_unit_price")
    return InvoiceLine(
        name=row["line_name"],
        quantity=as_amount("line_quantity", quantity) if quantity else None,
        unit=row.get("line_unit") or None,
        unit_price=as_amount("line_unit_price", price) if price else None,
        amount=as_amount("line_amount", row.get("line_amount", "")),
    )
