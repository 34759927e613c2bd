"""Payments to the bank account as the bank reports them: ISO 20022 camt.054.001.02, a credit notification a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ingest.sample.company import CURRENCY, IBAN, LEGAL_NAME
from ingest.sample.payments import Paid

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"


def camt054(payments: Sequence[Paid], written_on: date) -> str:
    """One entry a day with a transaction a payment."""
    document = Element("Document", xmlns=NAMESPACE)
    message = SubElement(document, "BkToCstmrDbtCdtNtfctn")
    created = f"{written_on}T17:00:00+01:00"
    _leaves(SubElement(message, "GrpHdr"), MsgId=f"ALVLJUS-{written_on:%Y%m}", CreDtTm=created)
    notification = SubElement(message, "Ntfctn")
    _leaves(notification, Id=f"ALVLJUS-{written_on:%Y%m}-1", CreDtTm=created)
    account = SubElement(notification, "Acct")
    _leaves(SubElement(account, "Id"), IBAN=IBAN)
    _leaves(account, Ccy=CURRENCY)
    _leaves(SubElement(account, "Ownr"), Nm=LEGAL_NAME)
    for day, same in groupby(payments, key=lambda payment: payment.on):
        _entry(notification, day, list(same))
    indent(document, " ")
    return tostring(document, encoding="unicode", xml_declaration=False) + "\n"


def _entry(notification: Element, day: date, payments: Sequence[Paid]) -> None:
    entry = SubElement(notification, "Ntry")
    _leaves(entry, NtryRef=f"{day:%Y%m%d}")
    total = sum((payment.amount for payment in payments), Decimal(0))
    SubElement(entry, "Amt", Ccy=CURRENCY).text = str(total)
    _leaves(entry, CdtDbtInd="CRDT", Sts="BOOK")
    _leaves(SubElement(entry, "BookgDt"), Dt=str(day))
    _leaves(SubElement(entry, "ValDt"), Dt=str(day))
    _leaves(entry, AcctSvcrRef=f"C54{day:%Y%m%d}")
    domain = SubElement(SubElement(entry, "BkTxCd"), "Domn")
    _leaves(domain, Cd="PMNT")
    _leaves(SubElement(domain, "Fmly"), Cd="RCDT", SubFmlyCd="DMCT")
    details = SubElement(entry, "NtryDtls")
    _leaves(SubElement(details, "Btch"), NbOfTxs=str(len(payments)))
    for number, payment in enumerate(payments, start=1):
        _transaction(SubElement(details, "TxDtls"), payment, f"C54{day:%Y%m%d}{number:05d}")


def _transaction(transaction: Element, payment: Paid, reference: str) -> None:
    _leaves(SubElement(transaction, "Refs"), AcctSvcrRef=reference, EndToEndId="NOTPROVIDED")
    amount = SubElement(SubElement(transaction, "AmtDtls"), "TxAmt")
    SubElement(amount, "Amt", Ccy=CURRENCY).text = str(payment.amount)
    if payment.kind == "free_text":
        _leaves(SubElement(transaction, "RmtInf"), Ustrd=payment.reference)
    elif payment.reference:
        creditor = SubElement(SubElement(SubElement(transaction, "RmtInf"), "Strd"), "CdtrRefInf")
        _leaves(SubElement(SubElement(creditor, "Tp"), "CdOrPrtry"), Cd="SCOR")
        _leaves(creditor, Ref=payment.reference)


def _leaves(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text
