"""UBL 2.1 invoices and credit notes as Peppol BIS Billing 3 writes them; fields by their EN 16931 terms (BT-…).

Elements are told by their local names, so that older UBL 2.0 files (OIOUBL) are read as far as they agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import ValidationError

from ingest.fields import BadField, as_amount, as_date, problem_of
from ingest.invoices.credit import Credit
from ingest.source import Item, Source
from ingest.xml import Element, amount, elements, text
from models.errors import BadInput
from models.values import Invoice, InvoiceEvent, InvoiceEventKind, InvoiceLine, PaymentMethod

KIND = "ubl_invoice"
NAME = "UBL 2.1 invoices"
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:Invoice|CreditNote)[\s>]")
_NAME_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_REMEDY = "Export the document again, checked against Peppol BIS Billing 3."
_MOST_LINES = 10_000
# UNCL4461, payment means, as far as Nordic invoices use them.
_METHODS = {
    **dict.fromkeys(("30", "31", "42", "58"), PaymentMethod.BANK_TRANSFER),
    **dict.fromkeys(("49", "59"), PaymentMethod.DIRECT_DEBIT),
    **dict.fromkeys(("48", "54", "55"), PaymentMethod.CARD),
    **dict.fromkeys(("50", "56", "93"), PaymentMethod.GIRO_SLIP),
}


def recognises(head: str, name: str) -> bool:
    return _NAME_SPACE in head and _ROOT.search(head) is not None


def read(source: Source) -> Iterator[Item[Invoice | Credit] | BadInput]:
    """One document a file; lines are read as they pass and attachments are passed over."""
    lines: list[InvoiceLine] = []
    try:
        for element in elements(source, ("InvoiceLine", "AdditionalDocumentReference", "Invoice", "CreditNote")):
            name = element.tag.rpartition("}")[2]
            if name == "InvoiceLine":
                lines.append(_line(element))
            elif name in ("Invoice", "CreditNote"):
                yield Item(1, _invoice(element, tuple(lines)) if name == "Invoice" else _credit(element))
            if len(lines) > _MOST_LINES:
                raise source.bad(f"has more than {_MOST_LINES} lines", "Split the invoice.")
    except BadField as error:
        yield source.bad(str(error), _REMEDY, 1)
    except ValidationError as error:
        yield source.bad(problem_of(error), _REMEDY, 1)


def _invoice(root: Element, lines: tuple[InvoiceLine, ...]) -> Invoice:
    issued_on, due_on = _date(root, "IssueDate"), _date(root, "DueDate", "PaymentMeans/PaymentDueDate")
    if issued_on is None:
        raise BadField("IssueDate (BT-2) is missing")
    events = [InvoiceEvent(kind=InvoiceEventKind.SENT, on=issued_on)]
    events += [InvoiceEvent(kind=InvoiceEventKind.DUE, on=due_on)] if due_on else []
    return Invoice(
        number=text(root, "ID") or "",
        customer_number=text(root, "AccountingCustomerParty/Party/PartyIdentification/ID"),
        payment_reference=text(root, "PaymentMeans/PaymentID", "PaymentMeans/InstructionID"),
        issued_on=issued_on,
        due_on=due_on,
        period_start=_date(root, "InvoicePeriod/StartDate"),
        period_end=_date(root, "InvoicePeriod/EndDate"),
        amount=as_amount("PayableAmount", text(root, "LegalMonetaryTotal/PayableAmount") or ""),
        currency=text(root, "DocumentCurrencyCode") or "",
        delivery_channel="e_invoice",
        payment_method=_METHODS.get(text(root, "PaymentMeans/PaymentMeansCode") or ""),
        lines=lines,
        events=tuple(events),
    )


def _credit(root: Element) -> Credit:
    issued_on, number = _date(root, "IssueDate"), text(root, "BillingReference/InvoiceDocumentReference/ID")
    if issued_on is None:
        raise BadField("IssueDate (BT-2) is missing")
    if number is None:
        raise BadField("BillingReference (BT-25) does not name the invoice that is credited")
    return Credit(number=number, on=issued_on)


def _line(line: Element) -> InvoiceLine:
    return InvoiceLine(
        name=text(line, "Item/Name", "Item/Description") or "",
        quantity=amount(line, "InvoicedQuantity"),
        unit=_unit(line),
        unit_price=amount(line, "Price/PriceAmount"),
        amount=as_amount("LineExtensionAmount", text(line, "LineExtensionAmount") or ""),
    )


def _unit(line: Element) -> str | None:
    quantity = line.find("{*}InvoicedQuantity")
    return None if quantity is None else quantity.get("unitCode")


def _date(root: Element, *paths: str) -> date | None:
    found = text(root, *paths)
    return None if found is None else as_date(paths[0].rpartition("/")[2], found[:10])
