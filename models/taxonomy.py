"""The ids of reasons, invoice features and payment steps: the contract of the whole product.

An id never changes its meaning. Labels for people hang on the ids in :mod:`models.labels`.
"""

from __future__ import annotations

from enum import StrEnum

LANGUAGES = ("sv", "nb", "da", "fi", "en")


class ReasonGroup(StrEnum):
    """Where in the life of an invoice a reason belongs."""

    UNDERSTAND = "understand"
    PAY = "pay"
    RECEIVE = "receive"
    DISPUTE = "dispute"
    LATE = "late"
    END = "end"
    OTHER = "other"


class Reason(StrEnum):
    """Why a customer got in touch."""

    AMOUNT_HIGHER_THAN_EXPECTED = "amount_higher_than_expected"
    UNKNOWN_CHARGE = "unknown_charge"
    BILLING_PERIOD = "billing_period"
    FEES_AND_VAT = "fees_and_vat"
    PRICE_OR_DISCOUNT_CHANGE = "price_or_discount_change"
    BALANCE_INQUIRY = "balance_inquiry"
    HOW_TO_PAY = "how_to_pay"
    PAYMENT_REFERENCE = "payment_reference"
    DUE_DATE = "due_date"
    PAYMENT_METHOD_SETUP = "payment_method_setup"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_NOT_REGISTERED = "payment_not_registered"
    OVERPAYMENT = "overpayment"
    INVOICE_NOT_RECEIVED = "invoice_not_received"
    INVOICE_COPY = "invoice_copy"
    DELIVERY_CHANNEL = "delivery_channel"
    WRONG_RECIPIENT_DETAILS = "wrong_recipient_details"
    INCORRECT_INVOICE = "incorrect_invoice"
    REFUND_OR_CREDIT = "refund_or_credit"
    SUSPECTED_FRAUD = "suspected_fraud"
    PAYMENT_EXTENSION = "payment_extension"
    INSTALMENT_PLAN = "instalment_plan"
    REMINDER_RECEIVED = "reminder_received"
    DEBT_COLLECTION = "debt_collection"
    SERVICE_SUSPENDED = "service_suspended"
    FINAL_INVOICE = "final_invoice"
    NOT_BILLING = "not_billing"


class Feature(StrEnum):
    """A thing printed on, or belonging to, an invoice."""

    AMOUNT_DUE = "amount_due"
    DUE_DATE = "due_date"
    PAYMENT_REFERENCE = "payment_reference"
    PAYEE_ACCOUNT = "payee_account"
    PAYMENT_CODE = "payment_code"
    INVOICE_NUMBER = "invoice_number"
    CUSTOMER_NUMBER = "customer_number"
    BILLING_PERIOD = "billing_period"
    LINE_ITEM = "line_item"
    USAGE_QUANTITY = "usage_quantity"
    UNIT_PRICE = "unit_price"
    DISCOUNT = "discount"
    FEES = "fees"
    VAT = "vat"
    PREVIOUS_BALANCE = "previous_balance"
    RECIPIENT_DETAILS = "recipient_details"
    CONTRACT_REFERENCE = "contract_reference"
    PAYMENT_TERMS = "payment_terms"
    DELIVERY_CHANNEL = "delivery_channel"
    REMINDER_NOTICE = "reminder_notice"
    COLLECTION_NOTICE = "collection_notice"


class Step(StrEnum):
    """Where on the way from receiving an invoice to having paid it a customer is stuck; in the order of meeting."""

    RECEIVE = "receive"
    OPEN = "open"
    UNDERSTAND = "understand"
    CHOOSE_METHOD = "choose_method"
    ENTER_DETAILS = "enter_details"
    AUTHORISE = "authorise"
    CONFIRM = "confirm"
    REMIND = "remind"
    COLLECT = "collect"


REASONS_BY_GROUP: dict[ReasonGroup, tuple[Reason, ...]] = {
    ReasonGroup.UNDERSTAND: (
        Reason.AMOUNT_HIGHER_THAN_EXPECTED,
        Reason.UNKNOWN_CHARGE,
        Reason.BILLING_PERIOD,
        Reason.FEES_AND_VAT,
        Reason.PRICE_OR_DISCOUNT_CHANGE,
        Reason.BALANCE_INQUIRY,
    ),
    ReasonGroup.PAY: (
        Reason.HOW_TO_PAY,
        Reason.PAYMENT_REFERENCE,
        Reason.DUE_DATE,
        Reason.PAYMENT_METHOD_SETUP,
        Reason.PAYMENT_FAILED,
        Reason.PAYMENT_NOT_REGISTERED,
        Reason.OVERPAYMENT,
    ),
    ReasonGroup.RECEIVE: (
        Reason.INVOICE_NOT_RECEIVED,
        Reason.INVOICE_COPY,
        Reason.DELIVERY_CHANNEL,
        Reason.WRONG_RECIPIENT_DETAILS,
    ),
    ReasonGroup.DISPUTE: (Reason.INCORRECT_INVOICE, Reason.REFUND_OR_CREDIT, Reason.SUSPECTED_FRAUD),
    ReasonGroup.LATE: (
        Reason.PAYMENT_EXTENSION,
        Reason.INSTALMENT_PLAN,
        Reason.REMINDER_RECEIVED,
        Reason.DEBT_COLLECTION,
        Reason.SERVICE_SUSPENDED,
    ),
    ReasonGroup.END: (Reason.FINAL_INVOICE,),
    ReasonGroup.OTHER: (Reason.NOT_BILLING,),
}
GROUP_OF_REASON: dict[Reason, ReasonGroup] = {
    reason: group for group, reasons in REASONS_BY_GROUP.items() for reason in reasons
}

REASONS_BY_STEP: dict[Step, tuple[Reason, ...]] = {
    Step.RECEIVE: (Reason.INVOICE_NOT_RECEIVED, Reason.DELIVERY_CHANNEL, Reason.WRONG_RECIPIENT_DETAILS),
    Step.OPEN: (Reason.INVOICE_COPY,),
    Step.UNDERSTAND: (
        Reason.AMOUNT_HIGHER_THAN_EXPECTED,
        Reason.UNKNOWN_CHARGE,
        Reason.BILLING_PERIOD,
        Reason.FEES_AND_VAT,
        Reason.PRICE_OR_DISCOUNT_CHANGE,
        Reason.BALANCE_INQUIRY,
        Reason.INCORRECT_INVOICE,
        Reason.SUSPECTED_FRAUD,
        Reason.FINAL_INVOICE,
    ),
    Step.CHOOSE_METHOD: (Reason.HOW_TO_PAY, Reason.PAYMENT_METHOD_SETUP),
    Step.ENTER_DETAILS: (Reason.PAYMENT_REFERENCE, Reason.DUE_DATE),
    Step.AUTHORISE: (Reason.PAYMENT_FAILED,),
    Step.CONFIRM: (Reason.PAYMENT_NOT_REGISTERED, Reason.OVERPAYMENT, Reason.REFUND_OR_CREDIT),
    Step.REMIND: (Reason.PAYMENT_EXTENSION, Reason.INSTALMENT_PLAN, Reason.REMINDER_RECEIVED),
    Step.COLLECT: (Reason.DEBT_COLLECTION, Reason.SERVICE_SUSPENDED),
}
STEP_OF_REASON: dict[Reason, Step] = {reason: step for step, reasons in REASONS_BY_STEP.items() for reason in reasons}

# European standard EN 16931-1: the semantic model's business terms (BT) and groups (BG).
EN16931_TERMS: dict[Feature, tuple[str, ...]] = {
    Feature.AMOUNT_DUE: ("BT-115",),
    Feature.DUE_DATE: ("BT-9",),
    Feature.PAYMENT_REFERENCE: ("BT-83",),
    Feature.PAYEE_ACCOUNT: ("BT-84",),
    Feature.PAYMENT_CODE: ("BG-16",),
    Feature.INVOICE_NUMBER: ("BT-1",),
    Feature.CUSTOMER_NUMBER: ("BT-46",),
    Feature.BILLING_PERIOD: ("BG-14",),
    Feature.LINE_ITEM: ("BG-25",),
    Feature.USAGE_QUANTITY: ("BT-129",),
    Feature.UNIT_PRICE: ("BT-146",),
    Feature.DISCOUNT: ("BG-20",),
    Feature.FEES: ("BG-21",),
    Feature.VAT: ("BG-23", "BT-114"),
    Feature.PREVIOUS_BALANCE: ("BT-113",),
    Feature.RECIPIENT_DETAILS: ("BG-7",),
    Feature.CONTRACT_REFERENCE: ("BT-12",),
    Feature.PAYMENT_TERMS: ("BT-20",),
}
