"""From the page through HTTP to SQL: the same number in the browser, in the API's answer and in the rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ingest.sample import company
from models.database import make_engine
from models.tables import (
    ConversationRow,
    InvoiceEventRow,
    LinkRow,
    TaggingFeatureRow,
    TaggingRow,
    TemplateVersionRow,
    TurnRow,
)
from tests.servers import free_port, wait_for

OCTOBER = "since=2026-10-01&until=2026-10-31"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
ROOT = Path(__file__).parents[1]

Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def addresses(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """API and dashboard over the sample company, each a process of its own."""
    ports = {"API_PORT": free_port(), "DASHBOARD_PORT": free_port()}
    environment = os.environ | {
        "TYDLIG_HOME": str(tmp_path_factory.mktemp("home")),
        "TYDLIG_DATABASE_URL": f"sqlite:///{sample_database}",
        "TYDLIG_ORGANISATION_SLUG": company.SLUG,
        "TYDLIG_API_URL": f"http://127.0.0.1:{ports['API_PORT']}",
        **{f"TYDLIG_{name}": str(port) for name, port in ports.items()},
    }
    api, dashboard = (f"http://127.0.0.1:{port}" for port in ports.values())
    processes = [
        subprocess.Popen([sys.executable, "-m", "api.cli", command], env=environment, cwd=ROOT)
        for command in ("serve", "dashboard")
    ]
    try:
        wait_for(f"{api}/healthz", processes[0])
        wait_for(f"{dashboard}/_stcore/health", processes[1])
        yield api, dashboard
    finally:
        for process in processes:
            process.terminate()
            process.wait()


@pytest.fixture
def ask(addresses: tuple[str, str]) -> Callable[[str], Any]:
    def get(path: str) -> Any:
        answer = httpx.get(f"{addresses[0]}/v1/{path}", timeout=60, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    return get


@pytest.fixture
def walk(addresses: tuple[str, str], browser: Browser) -> Iterator[Open]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")

    def go(path: str) -> Page:
        page = context.new_page()
        page.goto(f"{addresses[1]}/{path}")
        page.wait_for_selector(".sentence", timeout=60_000)
        return page

    yield go
    context.close()


@pytest.fixture
def rows(sample_database: Path) -> Iterator[Session]:
    engine: Engine = make_engine(f"sqlite:///{sample_database}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def figure(page: Page, name: str) -> Locator:
    return page.locator(f'[data-figure="{name}"]').first


def shown(page: Page, name: str, attribute: str = "value") -> str:
    return figure(page, name).get_attribute(f"data-{attribute}", timeout=60_000) or ""


def october_taggings() -> Any:
    return (
        select(TaggingRow, ConversationRow)
        .join(ConversationRow, ConversationRow.id == TaggingRow.conversation_id)
        .where(TaggingRow.current, func.date(ConversationRow.started_at).between(str(FIRST), str(LAST)))
    )


def test_overview_shows_what_the_handling_minutes_of_billing_contacts_cost(
    walk: Open, ask: Callable[[str], Any], rows: Session
) -> None:
    billing = [each for tagging, each in rows.execute(october_taggings()) if tagging.primary_reason != "not_billing"]
    cost = sum(
        (
            (Decimal(each.handling_seconds) / 60 * company.COST_PER_MINUTE).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            for each in billing
        ),
        Decimal(0),
    )
    answered = ask(f"overview?{OCTOBER}")["period"]
    assert answered["billing_contacts"] == len(billing) > 100
    assert Decimal(answered["cost"]["amount"]) == pytest.approx(cost, abs=Decimal("0.01") * len(billing))
    assert shown(walk(f"?{OCTOBER}&lang=en"), "overview.cost") == answered["cost"]["amount"]


def test_the_map_divides_contacts_by_letters_sent_of_the_version(
    walk: Open, ask: Callable[[str], Any], rows: Session
) -> None:
    version = rows.scalars(select(TemplateVersionRow).where(TemplateVersionRow.name == "invoice-b")).one()
    sent = InvoiceEventRow.template_version_id == version.id, InvoiceEventRow.on.between(FIRST, LAST)
    documents = rows.scalar(select(func.count()).select_from(InvoiceEventRow).where(*sent))
    contacts = rows.scalar(
        select(func.count(func.distinct(LinkRow.conversation_id)))
        .join(InvoiceEventRow, InvoiceEventRow.id == LinkRow.event_id)
        .join(TaggingRow, TaggingRow.conversation_id == LinkRow.conversation_id)
        .join(TaggingFeatureRow, TaggingFeatureRow.tagging_id == TaggingRow.id)
        .where(*sent, LinkRow.best, TaggingRow.current, TaggingFeatureRow.feature == "payment_reference")
    )
    features = ask(f"templates/invoice-b/map?{OCTOBER}")["features"]
    rate = next(each["rate"] for each in features if each["feature"] == "payment_reference")
    assert (rate["count"], rate["denominator"]) == (contacts, documents)
    page = walk(f"map?{OCTOBER}&version=invoice-b&lang=en")
    name = "map.invoice-b.payment_reference"
    assert (shown(page, name, "count"), shown(page, name, "denominator")) == (str(contacts), str(documents))


def test_payment_steps_shows_the_rate_that_the_api_answers(
    walk: Open, ask: Callable[[str], Any], rows: Session
) -> None:
    stuck = [each for each, _ in rows.execute(october_taggings()) if each.step == "understand"]
    steps = ask(f"steps?{OCTOBER}")["steps"]
    understand = next(each for each in steps if each["step"] == "understand")
    assert understand["contacts"] == len(stuck) > 10
    page = walk(f"steps?{OCTOBER}&lang=en")
    assert float(shown(page, "steps.understand")) == pytest.approx(understand["rate"]["value"])


def test_reasons_counts_the_current_taggings(walk: Open, ask: Callable[[str], Any], rows: Session) -> None:
    counted = sum(each.primary_reason == "how_to_pay" for each, _ in rows.execute(october_taggings()))
    answered = next(each for each in ask(f"reasons?{OCTOBER}") if each["reason"] == "how_to_pay")
    assert answered["contacts"] == counted > 5
    assert shown(walk(f"reasons?{OCTOBER}&lang=en"), "reasons.how_to_pay") == str(counted)


def test_a_conversation_shows_the_stored_words_and_marks_the_evidence(
    walk: Open, ask: Callable[[str], Any], rows: Session
) -> None:
    first = ask(f"conversations?{OCTOBER}&reason=payment_reference&limit=1")["items"][0]
    detail = ask(f"conversations/{first['id']}")
    turns = rows.scalars(select(TurnRow.text).where(TurnRow.conversation_id == first["id"]).order_by(TurnRow.position))
    stored = turns.all()
    assert [turn["text"] for turn in detail["turns"]] == stored
    page = walk(f"conversation?id={first['id']}&lang=en")
    assert shown(page, "conversation.primary") == detail["summary"]["primary"]
    words = " ".join(page.locator("body").inner_text().split())
    assert " ".join(stored[0].split()) in words
    evidence = detail["reasons"][0]["evidence"][0]
    proof = stored[evidence["turn"]][evidence["start"] : evidence["end"]]
    marked = " ".join(" ".join(page.locator("mark").all_inner_texts()).split())
    assert " ".join(proof.split())[:20] in marked


def test_from_a_number_to_its_proof_takes_two_clicks(walk: Open) -> None:
    page = walk(f"map?{OCTOBER}&version=invoice-b&lang=en")
    figure(page, "map.invoice-b.payment_reference").locator("a").click()
    page.locator('[data-figure="conversations.total"]').wait_for(timeout=60_000)
    page.locator("a[href*='conversation?']").first.click()
    expect(page.locator("mark").first).to_be_visible(timeout=60_000)
