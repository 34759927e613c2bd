"""Files as users have them, written by the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping


def register(*invoices: Mapping[str, object]) -> str:
    """A register with one line an invoice; what is not told is filled in."""
    usual = {"issued_on": "2026-03-01", "due_on": "2026-03-31", "amount": "500.00", "currency": "SEK"}
    columns = [
        *("number", "customer_number", "payment_reference", "template_version", "issued_on", "due_on", "amount"),
        *("currency", "delivery_channel", "payment_method", "segment", "sent_on", "reminded_on", "reminder_version"),
        *("collected_on", "collection_version", "paid_on", "credited_on", "disputed_on"),
        *("line_name", "line_quantity", "line_unit", "line_unit_price", "line_amount"),
    ]
    rows = [{**usual, "line_name": "Fibre", "line_amount": "400.00", **invoice} for invoice in invoices]
    body = "".join(",".join(str(row.get(column, "")) for column in columns) + "\n" for row in rows)
    return ",".join(columns) + "\n" + body


def conversations(*records: Mapping[str, object]) -> str:
    """Conversations as JSON Lines; ``text`` stands for one customer's turn."""
    lines = []
    for number, record in enumerate(records):
        turns = [{"speaker": "customer", "text": record.get("text", "Hello there")}]
        lines.append(json.dumps({"id": f"c{number}", "turns": turns, **record}))
    return "\n".join(lines) + "\n"


def camt(*transactions: str, entry: str = "", credit: str = "CRDT") -> str:
    """A notification with one booked entry; each transaction is the inside of its ``TxDtls``."""
    details = "".join(f"<TxDtls>{transaction}</TxDtls>" for transaction in transactions)
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>1</Id>'
        "<Acct><Id><IBAN>SE3550000000054910000003</IBAN></Id></Acct>"
        f'<Ntry><Amt Ccy="SEK">500.00</Amt><CdtDbtInd>{credit}</CdtDbtInd>{entry}<Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2026-03-20</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )


def paid(reference: str, amount: str = "500.00", end_to_end: str = "E1") -> str:
    return (
        f'<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs><Amt Ccy="SEK">{amount}</Amt>'
        f"<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>"
    )
