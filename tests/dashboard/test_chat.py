from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from markupsafe import escape

from dashboard import chat, filters
from dashboard.language import Texts
from dashboard.render import render
from dashboard.visit import Visit
from models.filters import Filter
from models.labels import LANGUAGES
from models.speech import Channel, Speaker
from models.stored import ConversationDetail, ConversationSummary, StoredTurn, Tag
from models.tags import Evidence
from models.taxonomy import Reason
from tests.dashboard.stand_in import choices

SCRIPT = "<script>alert(1)</script>"
WORDS = f"The OCR {SCRIPT} is gone & I got a fee"


def evidence(words: str, turn: int = 1) -> tuple[Evidence, ...]:
    start = WORDS.index(words)
    return (Evidence(turn=turn, start=start, end=start + len(words), score=1, because=f"says {SCRIPT}"),)


def detail(*reasons: Tag, features: tuple[Tag, ...] = (), lead: int = 1) -> ConversationDetail:
    texts = ["Hello"] * lead + [WORDS]
    return ConversationDetail(
        summary=ConversationSummary(
            id=1,
            external_id="c-1",
            started_at=datetime(2025, 10, 1, tzinfo=UTC),
            language="en",
            channel=Channel.CHAT,
            queue=None,
            handling_seconds=None,
            primary=Reason.PAYMENT_REFERENCE,
            confidence=0.9,
            uncertain=False,
            step=None,
            template_version=None,
            quote=WORDS,
        ),
        turns=tuple(
            StoredTurn(position=n, speaker=Speaker.CUSTOMER, text=text, offset_seconds=None)
            for n, text in enumerate(texts)
        ),
        reasons=reasons,
        features=features,
        runner_up=None,
        probabilities={},
        model_version="1",
        corrected=False,
        invoice=None,
    )


def tag(id: str, words: str) -> Tag:
    return Tag(id=id, confidence=0.9, evidence=evidence(words))


def spoken(of: ConversationDetail, asked: str | None = None) -> list[chat.Spoken]:
    return chat.turns(of, chat.tags(of, Texts("en")), asked)


def test_no_word_is_lost_or_doubled_where_evidence_overlaps() -> None:
    of = detail(tag("payment_reference", "OCR <script>"), features=(tag("fees", "<script>alert"),))
    stretches = spoken(of)[1].stretches
    assert "".join(stretch.text for stretch in stretches) == WORDS
    assert [[shown.key for shown, _ in stretch.marks] for stretch in stretches] == [
        [],
        ["payment_reference"],
        ["payment_reference", "fees"],
        ["fees"],
        [],
    ]


def test_the_words_of_the_tag_that_was_asked_for_are_in_focus() -> None:
    of = detail(tag("payment_reference", "OCR"), tag("fees_and_vat", "a fee"))
    assert [s.text for s in spoken(of, "fees_and_vat")[1].stretches if s.in_focus] == ["a fee"]
    assert [s.text for s in spoken(of)[1].stretches if s.in_focus] == ["OCR"]


def test_a_conversation_opens_one_turn_before_the_first_words_that_show_something() -> None:
    assert chat.opening(spoken(detail(tag("payment_reference", "OCR")))) == 0
    of = detail(lead=9)
    moved = Tag(id="payment_reference", confidence=1, evidence=evidence("OCR", turn=9))
    assert chat.opening(spoken(of.model_copy(update={"reasons": (moved,)}))) == 8


def test_markup_in_words_and_in_reasons_why_is_shown_as_text() -> None:
    visit = Visit(Texts("en"), choices(), Filter(), {})
    of = detail(tag("payment_reference", "OCR"))
    pages = [
        render("chat.html", visit, turns=spoken(of), opening=0, language="en"),
        render("tags.html", visit, detail=of, tags=chat.tags(of, visit.t)),
        render("rows.html", visit),
        render(
            "quotes.html", visit, reason=Reason.DUE_DATE, page=type("Page", (), {"items": [of.summary], "total": 1})
        ),
    ]
    html = "".join(pages)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_a_value_from_the_address_cannot_break_out_of_a_chip() -> None:
    narrowed = Filter(queues=(f'"><img onerror="{SCRIPT}',))
    visit = Visit(Texts("en"), choices(), narrowed, {})
    html = render("chips.html", visit, narrowed=filters.chips(visit.t, narrowed))
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_whose_words_are_gone_says_so_in_every_language(language: str) -> None:
    visit = Visit(Texts(language), choices(), Filter(), {})
    of = detail()
    summary = of.summary.model_copy(update={"words_kept": False, "quote": "", "external_id": ""})
    page = render("chat.html", visit, turns=[], opening=0, language="en")
    listed = render("quotes.html", visit, reason=Reason.DUE_DATE, page=Page([summary], 1))
    for html in (page, listed):
        assert html.count(str(escape(visit.t("conversation.words_gone")))) == 1


class Page(NamedTuple):
    items: list[ConversationSummary]
    total: int
