"""Which invoice, and which letter of it, a conversation is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from ingest.conversations.numbers import repairs
from ingest.correction import correct
from models.database import transaction
from models.references import append_ocr_check_digit, is_ocr
from models.tables import InvoiceEventRow, InvoiceRow, LinkRow
from models.taxonomy import Reason
from tests.ingest.conftest import Importer
from tests.ingest.written import conversations, register

OCR = append_ocr_check_digit("4711204399")
BILL = {"number": "F1", "customer_number": "K1", "payment_reference": OCR, "issued_on": "2026-03-01"}
CALLED = "2026-03-10T12:00:00+01:00"


def said(kind: str, value: str, **more: object) -> dict[str, object]:
    return {"text": f"It says <{kind} {value}>", "started_at": CALLED, **more}


def linked(importer: Importer, bills: Sequence[Mapping[str, object]], *calls: Mapping[str, object]) -> list[LinkRow]:
    importer(importer.path("bills.csv", register(*bills)), importer.path("calls.jsonl", conversations(*calls)))
    return importer.rows(LinkRow)


@pytest.mark.parametrize(
    ("call", "score", "because"),
    [
        (said("payment_reference", OCR), 0.97, "the payment reference was said"),
        (said("invoice_number", "F1"), 0.97, "the invoice number was said"),
        (said("payment_reference", "F1"), 0.902, "the payment reference was said"),
        ({"invoice_number": "F 1", "started_at": CALLED}, 0.99, "the file gives the invoice number"),
        (
            {"customer_number": "K1", "started_at": CALLED},
            0.74,
            "the newest letter to this customer, in the month before",
        ),
        (said("customer_number", "K1"), 0.74, "the newest letter to this customer, in the month before"),
    ],
)
def test_what_is_said_or_given_leads_to_the_invoice(
    importer: Importer, call: Mapping[str, object], score: float, because: str
) -> None:
    (link,) = linked(importer, [BILL, {"number": "F2", "customer_number": "K2"}], call)
    assert (link.invoice_id, link.score, link.because, link.best) == (
        importer.rows(InvoiceRow)[0].id,
        score,
        because,
        True,
    )


@pytest.mark.parametrize("calls_first", [True, False])
def test_invoices_that_come_later_link_all_the_same(importer: Importer, calls_first: bool) -> None:
    bills = importer.path("bills.csv", register(BILL, {"number": "F2", "customer_number": "K2"}))
    calls = importer.path(
        "calls.jsonl",
        conversations(
            said("payment_reference", OCR), {"customer_number": "K2", "started_at": CALLED}, {"text": "hello"}
        ),
    )
    for file in (calls, bills) if calls_first else (bills, calls):
        importer(file)
    assert [(link.because, link.best, link.event_id is not None) for link in importer.rows(LinkRow)] == [
        ("the payment reference was said", True, True),
        ("the newest letter to this customer, in the month before", True, True),
    ]


def test_a_conversation_that_names_nothing_stays_without_a_link(importer: Importer) -> None:
    assert not linked(importer, [BILL], {"text": "is it due"})


def test_a_digit_heard_wrong_is_put_right_where_the_check_digit_leaves_one_invoice(importer: Importer) -> None:
    heard = OCR[:4] + str((int(OCR[4]) + 1) % 10) + OCR[5:]
    (link,) = linked(importer, [BILL, {"number": "F2"}], said("payment_reference", heard))
    assert (link.score, link.because.startswith("a payment reference was said; its check digit")) == (0.75, True)


def test_a_digit_left_out_is_put_back(importer: Importer) -> None:
    (link,) = linked(importer, [BILL], said("payment_reference", OCR[:3] + OCR[4:]))
    assert link.invoice_id == importer.rows(InvoiceRow)[0].id


def test_a_correction_that_could_lead_to_two_invoices_is_not_made(importer: Importer) -> None:
    heard = OCR[:4] + str((int(OCR[4]) + 1) % 10) + OCR[5:]
    other = next(iter(sorted(repairs(heard, "sv") - {OCR})))
    twin = BILL | {"number": "F2", "payment_reference": other}
    assert not linked(importer, [BILL, twin], said("payment_reference", heard))


def test_a_right_check_digit_is_never_corrected() -> None:
    assert not repairs(OCR, "sv")
    assert repairs(OCR[:-1] + str((int(OCR[-1]) + 1) % 10), "sv") >= {OCR}
    assert all(is_ocr(candidate) for candidate in repairs(OCR[1:] + "0", "sv"))


def test_the_score_by_customer_falls_with_the_letters_age_until_it_is_too_old(importer: Importer) -> None:
    calls = [
        {"id": day, "customer_number": "K1", "started_at": f"{day}T12:00:00Z"}
        for day in ("2026-03-01", "2026-03-31", "2026-04-30", "2026-05-01", "2026-02-28")
    ]
    links = linked(importer, [BILL], *calls)
    assert [link.score for link in links] == [0.8, 0.6, 0.4]


def test_a_reference_on_many_invoices_means_the_newest_before_the_call(importer: Importer) -> None:
    bills = [BILL | {"number": f"F{month}", "issued_on": f"2026-0{month}-01"} for month in (1, 2, 3, 4)]
    (link,) = linked(importer, bills, said("payment_reference", OCR))
    assert link.invoice_id == importer.rows(InvoiceRow)[2].id
    assert link.score == pytest.approx(0.873)


def test_an_invoice_not_sent_yet_is_half_as_likely(importer: Importer) -> None:
    (link,) = linked(importer, [BILL | {"issued_on": "2026-03-11"}], said("invoice_number", "F1"))
    assert link.score == 0.485


def test_of_two_invoices_named_one_is_the_best(importer: Importer) -> None:
    other = {"number": "F2", "customer_number": "K1", "issued_on": "2026-03-05"}
    links = linked(importer, [BILL, other], said("payment_reference", OCR, customer_number="K1"))
    assert [(link.best, link.score) for link in sorted(links, key=lambda link: -link.score)] == [
        (True, 0.97),
        (False, 0.767),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "on"),
    [
        ("a reminder came", "reminded", date(2026, 4, 10)),
        ("a collection letter came", "collected", date(2026, 4, 20)),
        ("when is it due", "collected", date(2026, 4, 20)),
    ],
)
def test_the_letter_meant_is_the_one_that_the_reason_names_else_the_newest(
    importer: Importer, text: str, kind: str, on: date
) -> None:
    bill = BILL | {"reminded_on": "2026-04-10", "collected_on": "2026-04-20"}
    call = {"text": text, "invoice_number": "F1", "started_at": "2026-04-25T12:00:00Z"}
    (link,) = linked(importer, [bill], call)
    (event,) = [event for event in importer.rows(InvoiceEventRow) if event.id == link.event_id]
    assert (event.kind, event.on) == (kind, on)


def test_a_letter_sent_after_the_call_is_not_meant(importer: Importer) -> None:
    bill = BILL | {"reminded_on": "2026-04-10"}
    call = {"text": "a reminder came", "invoice_number": "F1", "started_at": CALLED}
    (link,) = linked(importer, [bill], call)
    (event,) = [event for event in importer.rows(InvoiceEventRow) if event.id == link.event_id]
    assert event.kind == "sent"


def test_a_later_register_with_a_reminder_moves_the_link_to_it(importer: Importer) -> None:
    call = {"text": "a reminder came", "invoice_number": "F1", "started_at": "2026-04-25T12:00:00Z"}
    linked(importer, [BILL], call)
    importer(importer.path("later.csv", register(BILL | {"reminded_on": "2026-04-10"})))
    (link,) = importer.rows(LinkRow)
    (event,) = [event for event in importer.rows(InvoiceEventRow) if event.id == link.event_id]
    assert event.kind == "reminded"


def test_a_corrected_reason_moves_the_link_to_the_letter_that_it_names(importer: Importer) -> None:
    bill = BILL | {"reminded_on": "2026-03-05", "collected_on": "2026-03-08"}
    (link,) = linked(importer, [bill], said("invoice_number", "F1"))
    with transaction(importer.engine) as session:
        correct(session, importer.organisation_id, link.conversation_id, Reason.REMINDER_RECEIVED, (), (), None, "Kim")
    (moved,) = importer.rows(LinkRow)
    (event,) = [event for event in importer.rows(InvoiceEventRow) if event.id == moved.event_id]
    assert event.kind == "reminded"


def test_no_link_crosses_into_another_organisation(importer: Importer) -> None:
    importer(importer.path("bills.csv", register(BILL)))
    importer.move_to_another_organisation()
    importer(importer.path("calls.jsonl", conversations(said("payment_reference", OCR, customer_number="K1"))))
    assert not importer.rows(LinkRow)
    importer.move_to_another_organisation()
    importer(importer.path("bills.csv", register(BILL)))
    assert not importer.rows(LinkRow)
