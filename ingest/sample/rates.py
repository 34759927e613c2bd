"""How many customers get in touch, by letter and reason: everything planted in the sample is planted here.

Rates are contacts per 1,000 letters sent. What a version does not change is the same for all versions of a letter.
"""

from __future__ import annotations

from ingest.sample.register import Letter
from models.taxonomy import Reason
from models.values import InvoiceEventKind

INVOICE = {
    Reason.AMOUNT_HIGHER_THAN_EXPECTED: 4.5,
    Reason.UNKNOWN_CHARGE: 3.0,
    Reason.BILLING_PERIOD: 2.2,
    Reason.FEES_AND_VAT: 2.4,
    Reason.PRICE_OR_DISCOUNT_CHANGE: 2.6,
    Reason.BALANCE_INQUIRY: 1.4,
    Reason.HOW_TO_PAY: 3.2,
    Reason.PAYMENT_REFERENCE: 4.0,
    Reason.DUE_DATE: 2.2,
    Reason.PAYMENT_METHOD_SETUP: 2.8,
    Reason.PAYMENT_FAILED: 2.4,
    Reason.PAYMENT_NOT_REGISTERED: 1.6,
    Reason.OVERPAYMENT: 1.4,
    Reason.INVOICE_NOT_RECEIVED: 2.2,
    Reason.INVOICE_COPY: 2.4,
    Reason.DELIVERY_CHANNEL: 2.4,
    Reason.WRONG_RECIPIENT_DETAILS: 1.4,
    Reason.INCORRECT_INVOICE: 4.0,
    Reason.REFUND_OR_CREDIT: 1.6,
    Reason.SUSPECTED_FRAUD: 1.0,
    Reason.PAYMENT_EXTENSION: 1.6,
    Reason.FINAL_INVOICE: 1.6,
}
REMINDER = {
    Reason.REMINDER_RECEIVED: 200.0,
    Reason.PAYMENT_EXTENSION: 34.0,
    Reason.PAYMENT_NOT_REGISTERED: 28.0,
    Reason.INSTALMENT_PLAN: 18.0,
    Reason.SERVICE_SUSPENDED: 10.0,
    Reason.BALANCE_INQUIRY: 8.0,
    Reason.SUSPECTED_FRAUD: 4.0,
}
COLLECTION = {
    Reason.DEBT_COLLECTION: 150.0,
    Reason.SERVICE_SUSPENDED: 50.0,
    Reason.INSTALMENT_PLAN: 40.0,
    Reason.PAYMENT_NOT_REGISTERED: 20.0,
}
RATES = {
    InvoiceEventKind.SENT: INVOICE,
    InvoiceEventKind.REMINDED: REMINDER,
    InvoiceEventKind.COLLECTED: COLLECTION,
}

HIDDEN_REFERENCE = 34.0
WRONG_TARIFF = 170.0
KINDER_REMINDER = 100.0
NOT_BILLING_SHARE = 0.17


def has_wrong_tariff(letter: Letter) -> bool:
    return letter.kind is InvoiceEventKind.SENT and letter.bill.wrong_tariff


def rate(letter: Letter, reason: Reason) -> float:
    """Contacts per 1,000 such letters with this reason; the three planted effects are the three exceptions."""
    if reason is Reason.PAYMENT_REFERENCE and letter.version == "invoice-b":
        return HIDDEN_REFERENCE
    if reason is Reason.INCORRECT_INVOICE and has_wrong_tariff(letter):
        return WRONG_TARIFF
    if reason is Reason.REMINDER_RECEIVED and letter.version == "reminder-2":
        return KINDER_REMINDER
    return RATES[letter.kind][reason]
