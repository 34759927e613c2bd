import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.dashboard import stand_in
from tests.dashboard.conftest import Visitor

PAGES = {
    "overview": "",
    "map": "map",
    "steps": "steps",
    "reasons": "reasons",
    "reason": "reasons?reason=payment_reference",
    "conversations": "conversations",
    "conversation": "conversation?id=1",
    "imports": "imports",
}
BEYOND_THE_EDGE = """
[...document.querySelectorAll('[data-testid=stMain] *')].filter(part => {
  const box = part.getBoundingClientRect()
  return box.width > 0 && box.right > innerWidth + 1 && !part.closest('.papers') && !part.closest('.st-key-menu')
}).map(part => part.outerHTML.slice(0, 120))
"""

TOO_SMALL_FOR_A_FINGER = """
[...document.querySelectorAll('.st-key-menu a, .st-key-filters [data-baseweb=select], .go a, .chip, .turn-page a')]
  .filter(part => part.getBoundingClientRect().height < 39.5).map(part => part.outerHTML.slice(0, 120))
"""
HEADING_LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(heading => Number(heading.tagName[1]))"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_answer_in_a_sentence_and_nothing_is_cut_off_on_a_phone(visit: Visitor, name: str) -> None:
    page = visit(PAGES[name], 390)
    expect(page.locator(".sentence")).not_to_be_empty()
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.locator("[data-problem]")).to_have_count(0)
    assert page.evaluate(BEYOND_THE_EDGE) == []
    assert page.evaluate(TOO_SMALL_FOR_A_FINGER) == []
    levels = page.evaluate(HEADING_LEVELS)
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level of headings is left out"


def test_a_figure_carries_the_value_that_the_api_answered(visit: Visitor) -> None:
    page = visit("")
    cost = page.locator("[data-figure='overview.cost']")
    assert cost.get_attribute("data-value") == str(stand_in.overview().period.cost.amount)
    assert cost.inner_text() == "SEK\u00a041,238"


def test_from_number_to_proof_in_two_clicks(visit: Visitor) -> None:
    page = visit("")
    page.locator("[data-figure='mend.1'] .go a").last.click()
    page.locator("[data-conversation='1']").click()
    words = page.locator("mark.focus").first
    expect(words).to_have_text("hittar inte ")
    expect(words).to_be_in_viewport()
    assert page.locator("mark.focus[data-tag*='payment_reference']").count() == page.locator("mark.focus").count()


def test_markup_in_the_words_of_a_customer_is_shown_as_text(visit: Visitor) -> None:
    page = visit("conversation?id=1")
    expect(page.locator(".chat").last).to_contain_text(stand_in.SCRIPT)
    assert "taken over" not in page.title()


def test_a_zone_that_a_version_lacks_is_not_shown_and_never_nought(visit: Visitor) -> None:
    page = visit("map?version=invoice-b&against=invoice-a")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Fees"))
    expect(row.locator("td").first).to_contain_text("not shown")
    expect(page.locator(".paper").first.locator("[data-feature=fees]")).to_have_count(0)
    expect(page.locator(".paper").last.locator("[data-feature=fees]")).to_have_count(1)


def test_what_is_chosen_stands_in_the_address_and_a_link_shows_the_same(visit: Visitor) -> None:
    page = visit("reasons?channel=chat")
    page.locator(".st-key-period input").click()
    page.get_by_role("option", name="August 2025").click()
    expect(page).to_have_url(re.compile("since=2025-08-01.*until=2025-08-31"))
    assert "channel=chat" in page.url
    page.reload()
    expect(page.locator(".st-key-period input")).to_have_value("August 2025", timeout=20_000)
    expect(page.locator(".chip")).to_contain_text("Chat")


def test_a_switched_language_keeps_the_filter_and_is_kept_from_page_to_page(visit: Visitor) -> None:
    page = visit("?channel=chat")
    page.locator(".st-key-lang input").click()
    page.get_by_role("option", name="Svenska").click()
    expect(page.locator(".sentence")).to_contain_text("Frågor om fakturor kostade")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.get_by_role("link", name="Betalningssteg").click()
    expect(page.locator(".sentence")).to_contain_text("Flest fastnar vid")
    assert "lang=sv" in page.url
    assert "channel=chat" in page.url


def test_a_correction_reaches_the_api_with_the_one_who_made_it(visit: Visitor) -> None:
    page = visit("conversation?id=5")
    page.get_by_text("Not right? Correct it").click()
    page.get_by_label("Your name or work account").fill("kim")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Corrected by a person")).to_be_visible()
    assert stand_in.corrections[-1] == {
        "id": 5,
        "primary": "payment_reference",
        "reasons": ["reminder_received"],
        "features": ["payment_reference", "fees"],
        "step": "enter_details",
        "author": "kim",
    }
