"""ISO 20022 camt.054 (notification) and camt.053 (statement), any version: elements are told by their local names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from ingest.fields import BadField, as_amount, as_date, problem_of
from ingest.payments.remittance import Part, only_number, parts_of, status_of
from ingest.source import Item, Source
from ingest.xml import Element, amount, children, elements, line_of, text
from models.errors import BadInput
from models.values import Payment, ReferenceStatus

KIND = "camt"
NAME = "camt.053 and camt.054"
_REMEDY = "Ask the bank for the file again."
_NOT_GIVEN = {"NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE"}
_MESSAGES = ("Ntfctn", "Stmt")


def recognises(head: str, name: str) -> bool:
    return "BkToCstmrDbtCdtNtfctn" in head or "BkToCstmrStmt" in head


def read(source: Source) -> Iterator[Item[Payment] | BadInput]:
    """Booked payments in, and reversals of them as negative amounts; money going out is passed over."""
    account, seen, found = "", Counter[str](), False
    for element in elements(source, ("Acct", "Ntry", *_MESSAGES)):
        parent = element.getparent()
        name = element.tag.rpartition("}")[2]
        found = found or name in _MESSAGES
        if name == "Acct" and parent is not None and parent.tag.rpartition("}")[2] in _MESSAGES:
            account = text(element, "Id/IBAN", "Id/Othr/Id") or ""
        elif name == "Ntry":
            yield from _entry(source, element, account, seen)
    if not found:
        raise source.bad("holds neither a notification nor a statement", _REMEDY)


def _entry(source: Source, entry: Element, account: str, seen: Counter[str]) -> Iterator[Item[Payment] | BadInput]:
    line = line_of(entry)
    if (text(entry, "Sts/Cd", "Sts") or "BOOK") != "BOOK":
        return
    try:
        for payment in _payments(entry, account, seen):
            yield Item(line, payment)
    except BadField as error:
        yield source.bad(str(error), _REMEDY, line)
    except ValidationError as error:
        yield source.bad(problem_of(error), _REMEDY, line)


def _payments(entry: Element, account: str, seen: Counter[str]) -> list[Payment]:
    """All payments of an entry, or none where one of them cannot be read."""
    transactions = children(entry, "NtryDtls/TxDtls") or [entry]
    payments = []
    for transaction in transactions:
        sign = _sign(entry, transaction)
        if not sign:
            continue
        whole, currency = _money(entry, transaction, alone=len(transactions) == 1)
        own = _own_id(entry, transaction, account, whole, currency)
        for part in parts_of(_told(transaction, whole, currency)):
            seen[own] += 1
            payments.append(
                Payment(
                    id=f"{own} {seen[own]}"[:200],
                    booked_on=_booked_on(entry),
                    amount=sign * part.amount,
                    currency=currency,
                    reference=part.reference,
                    reference_status=part.status,
                    payee_account=account or None,
                )
            )
    return payments


def _sign(entry: Element, transaction: Element) -> int:
    """1 for money in, -1 for money in that went back, 0 for money that the account's owner sent or got back."""
    credit = text(transaction, "CdtDbtInd") or text(entry, "CdtDbtInd")
    reversal = (text(entry, "RvslInd") or "").lower() in ("true", "1")
    return {("CRDT", False): 1, ("DBIT", True): -1}.get((credit or "", reversal), 0)


def _money(entry: Element, transaction: Element, alone: bool) -> tuple[Decimal, str]:
    places = [*children(transaction, "Amt"), *children(transaction, "AmtDtls/TxAmt/Amt")]
    places += children(entry, "Amt") if alone else []
    if not places:
        raise BadField("Amt is missing in a payment of several")
    return as_amount("Amt", places[0].text or ""), places[0].get("Ccy", "")


def _booked_on(entry: Element) -> date:
    found = text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    if found is None:
        raise BadField("BookgDt is missing")
    return as_date("BookgDt", found[:10])


def _own_id(entry: Element, transaction: Element, account: str, whole: Decimal, currency: str) -> str:
    """What tells this payment from others in this and in later files; a running number follows where it does not."""
    names = ("Refs/AcctSvcrRef", "Refs/UETR", "Refs/EndToEndId", "Refs/TxId", "Refs/InstrId")
    given = [found for name in names if (found := text(transaction, name)) and found.upper() not in _NOT_GIVEN]
    of_entry = text(entry, "AcctSvcrRef", "NtryRef") or ""
    return " ".join(
        ("camt", account, str(_booked_on(entry)), of_entry, *given[:1], format(whole.normalize(), "f"), currency)
    )


def _told(transaction: Element, whole: Decimal, currency: str) -> list[Part]:
    """The references of a payment, the whole amount with the first one."""
    structured = [_structured(block, currency) for block in children(transaction, "RmtInf/Strd")]
    structured = [part for part in structured if part.reference]
    if structured:
        return [structured[0]._replace(amount=whole), *structured[1:]]
    message = " ".join(found.text.strip() for found in children(transaction, "RmtInf/Ustrd") if found.text)
    if message:
        return [Part(only_number(message), ReferenceStatus.FREE_TEXT, whole)]
    lump = len(children(transaction, "NtryDtls/Btch")) > 0
    return [Part(None, ReferenceStatus.UNKNOWN if lump else ReferenceStatus.BLANK, whole)]


def _structured(block: Element, currency: str) -> Part:
    reference = text(block, "CdtrRefInf/Ref", "RfrdDocInf/Nb")
    return Part(reference, status_of(reference, currency), amount(block, "RfrdDocAmt/RmtdAmt") or Decimal(0))
