"""The proof behind every figure: the conversations with the words that show each tag."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from insights.conversations import QUOTE_LENGTH, conversation, list_conversations
from insights.templates import invoice_map
from models.errors import NotFound
from models.filters import Filter
from models.tables import EvidenceRow
from models.taxonomy import Feature, Reason
from models.values import DocumentType, InvoiceEventKind

OCTOBER = Filter(since=date(2026, 10, 1), until=date(2026, 10, 31))
OCT_5 = date(2026, 10, 5)


def id_of(office, row):
    office.session.flush()
    return row.id


def shows(turn, words, text, score, *, reason=None, feature=None):
    start = text.index(words)
    return EvidenceRow(
        reason=reason, feature=feature, turn=turn, start=start, end=start + len(words), score=score, because="word"
    )


def test_the_newest_come_first_and_those_without_a_time_last(office):
    days = [date(2026, 10, 3), None, date(2026, 10, 9)]
    first, undated, last = (office.contact(day, Reason.HOW_TO_PAY).external_id for day in days)
    page = list_conversations(office.session, office.organisation, Filter(), offset=0, limit=50)
    assert [item.external_id for item in page.items] == [last, first, undated]
    assert [item.started_at is None for item in page.items] == [False, False, True]


def test_a_page_holds_its_part_and_tells_the_total(office):
    ids = [office.contact(date(2026, 10, day), Reason.HOW_TO_PAY).external_id for day in range(1, 8)]
    page = list_conversations(office.session, office.organisation, Filter(), offset=2, limit=3)
    assert ([item.external_id for item in page.items], page.total) == (ids[4:1:-1], 7)
    assert (page.offset, page.limit) == (2, 3)


def test_the_conversations_behind_a_rate_are_as_many_as_it_counts(office):
    version = office.version("B")
    for day in (date(2026, 9, 30), OCT_5, date(2026, 10, 31)):
        for _ in range(3):
            document = office.invoice(day, version)
            office.contact(date(2026, 11, 9), Reason.PAYMENT_REFERENCE, document, features=(Feature.PAYMENT_REFERENCE,))
    [feature] = invoice_map(office.session, office.organisation, OCTOBER, "B").features
    behind = Filter(
        sent_since=OCTOBER.since, sent_until=OCTOBER.until, template_versions=("B",), features=(feature.feature,)
    )
    page = list_conversations(office.session, office.organisation, behind, offset=0, limit=50)
    assert page.total == feature.rate.count == 6


def test_the_quote_is_the_strongest_evidence_of_what_was_asked_for(office):
    texts = ("I want to pay my bill.", "Which OCR number do I give, and by when?")
    office.contact(
        OCT_5,
        Reason.HOW_TO_PAY,
        also=(Reason.DUE_DATE,),
        texts=texts,
        evidence=(
            shows(0, "pay my bill", texts[0], 0.6, reason="how_to_pay"),
            shows(1, "by when", texts[1], 0.9, reason="due_date"),
        ),
    )
    [item] = list_conversations(office.session, office.organisation, Filter(), 0, 50).items
    assert item.quote == texts[0]
    asked = Filter(reasons=(Reason.DUE_DATE,))
    [item] = list_conversations(office.session, office.organisation, asked, 0, 50).items
    assert item.quote == texts[1]


@pytest.mark.parametrize("position", [0, 40, 79])
def test_a_long_turn_is_cut_between_words_around_the_evidence(office, position):
    text = " ".join(f"word{n:02}" for n in range(80))
    words = f"word{position:02}"
    office.contact(OCT_5, Reason.HOW_TO_PAY, texts=(text,), evidence=(shows(0, words, text, 0.9, reason="how_to_pay"),))
    [item] = list_conversations(office.session, office.organisation, Filter(), 0, 50).items
    assert words in item.quote
    assert 120 < len(item.quote) <= QUOTE_LENGTH
    assert set(item.quote.strip("…").split(" ")) <= set(text.split(" "))
    assert item.quote.startswith("…") == (position > 0)
    assert item.quote.endswith("…") == (position < 79)


def test_a_conversation_shows_its_turns_its_tags_and_their_words(office):
    text = "Which OCR number do I give?"
    row = office.contact(
        OCT_5,
        Reason.PAYMENT_REFERENCE,
        also=(Reason.HOW_TO_PAY,),
        features=(Feature.PAYMENT_REFERENCE,),
        texts=(text, "Thanks"),
        evidence=(
            shows(0, "OCR number", text, 0.9, feature="payment_reference"),
            shows(0, "Which OCR", text, 0.8, reason="payment_reference"),
        ),
    )
    found = conversation(office.session, office.organisation, id_of(office, row))
    assert [turn.text for turn in found.turns] == [text, "Thanks"]
    assert [tag.id for tag in found.reasons] == ["payment_reference", "how_to_pay"]
    [reason_words], [feature_words] = found.reasons[0].evidence, found.features[0].evidence
    assert text[reason_words.start : reason_words.end] == "Which OCR"
    assert text[feature_words.start : feature_words.end] == "OCR number"
    assert (found.reasons[1].evidence, found.invoice, found.corrected) == ((), None, False)


def test_a_linked_invoice_shows_its_lines_and_its_life(office):
    version, reminder = office.version("A"), office.version("R", DocumentType.REMINDER)
    sent = office.invoice(OCT_5, version, amount=Decimal("512.40"))
    office.event(sent.invoice_id, InvoiceEventKind.PAID, date(2026, 11, 20))
    reminded = office.event(sent.invoice_id, InvoiceEventKind.REMINDED, date(2026, 11, 10), reminder)
    row = office.contact(date(2026, 11, 12), Reason.REMINDER_RECEIVED, reminded)
    found = conversation(office.session, office.organisation, id_of(office, row)).invoice
    assert (found.template_version, found.document_type, found.amount) == ("R", "reminder", Decimal("512.40"))
    assert [(event.kind, event.template_version) for event in found.events] == [
        ("sent", "A"),
        ("reminded", "R"),
        ("paid", None),
    ]
    assert [line.name for line in found.lines] == ["Elöverföring"]


def test_a_conversation_of_another_organisation_is_not_found(office, other_office):
    row = other_office.contact(OCT_5, Reason.HOW_TO_PAY)
    with pytest.raises(NotFound):
        conversation(office.session, office.organisation, id_of(office, row))
