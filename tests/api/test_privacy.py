"""Retention, purge and erasure as an operator meets them: by command, over HTTP, and beside the API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from api import examples
from api.purging import purging_daily
from api.settings import Settings
from ingest.privacy.retention import set_retention
from models.database import make_engine, transaction
from models.privacy import DataClass
from models.tables import ConversationRow, OrganisationRow, PurgeRow, TurnRow
from tests.servers import wait_until

ROOT = Path(__file__).parents[2]
CALL: dict[str, Any] = examples.ONE_OR_MANY["one"]["value"] | {"started_at": datetime.now(UTC).isoformat()}
CUSTOMER = CALL["customer_number"]


def tydlig(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = {"HOME": settings.home, "DATABASE_URL": settings.database_url, "ORGANISATION_SLUG": "test"}
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "TYDLIG_TAGGER": "fast"}
        | {f"TYDLIG_{name}": str(value) for name, value in told.items()},
        capture_output=True,
        text=True,
        check=False,
    )


def shown(table: str) -> list[list[str]]:
    """The cells of a printed table's body."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in table.splitlines() if line[:1] == "│"]


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    engine = make_engine(settings.database_url)
    yield engine
    engine.dispose()


def test_days_are_shown_and_set_by_command(settings: Settings) -> None:
    assert shown(tydlig(settings, "retention").stdout) == [
        ["words", "365", "default"],
        ["numbers", "365", "default"],
        ["invoices", "730", "default"],
    ]
    assert shown(tydlig(settings, "retention", "words", "90").stdout)[0] == ["words", "90", "you"]
    assert shown(tydlig(settings, "retention", "invoices", "keep").stdout)[2] == ["invoices", "keep", "you"]
    refused = tydlig(settings, "retention", "words", "400")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "at least as long as words" in refused.stderr


def test_a_dry_run_counts_and_takes_nothing(client: TestClient, settings: Settings) -> None:
    client.post("/v1/conversations", json=CALL | {"started_at": "2020-01-01T10:00:00Z"})
    counted = tydlig(settings, "purge", "--dry-run").stdout
    assert shown(counted) == [["words", "365", "1"], ["numbers", "365", "1"], ["invoices", "730", "0"]]
    assert client.get("/v1/conversations/1").json()["turns"]
    assert shown(tydlig(settings, "purge").stdout) == shown(counted)
    gone = client.get("/v1/conversations/1").json()
    assert (gone["turns"], gone["summary"]["words_kept"], gone["summary"]["external_id"]) == ([], False, "")
    assert gone["summary"]["primary"] == "payment_reference"
    assert {row[2] for row in shown(tydlig(settings, "purge").stdout)} == {"0"}


def test_a_customer_is_erased_over_http_and_a_second_time_nothing_is_found(either_client: TestClient) -> None:
    either_client.post("/v1/conversations", json=CALL)
    first, again = (either_client.post("/v1/erasures", json={"customer_number": CUSTOMER}) for _ in range(2))
    assert (first.status_code, first.json()["conversations"], first.json()["door"]) == (201, 1, "api")
    assert first.json()["finished_at"]
    assert again.json()["conversations"] == 0
    assert either_client.get("/v1/conversations/1").json()["turns"] == []
    assert either_client.get("/v1/erasures").json() == [again.json(), first.json()]
    assert CUSTOMER not in first.text


def test_what_was_erased_is_a_duplicate_when_it_is_sent_again(either_client: TestClient) -> None:
    either_client.post("/v1/conversations", json=CALL)
    erased = either_client.post("/v1/erasures", json={"conversation": CALL["id"]})
    assert erased.json()["conversations"] == 1
    for sent in (CALL, CALL | {"queue": "another"}):
        again = either_client.post("/v1/conversations", json=sent)
        assert (again.status_code, again.json()["outcome"], again.json()["id"]) == (200, "duplicate", 1)
    assert either_client.get("/v1/conversations/1").json()["turns"] == []


@pytest.mark.parametrize("body", [{}, {"customer_number": " "}, {"customer_number": "8765309", "conversation": "c"}])
def test_an_erasure_that_does_not_say_whose_is_refused_without_repeating_it(
    client: TestClient, body: dict[str, str]
) -> None:
    answer = client.post("/v1/erasures", json=body)
    assert answer.status_code == 422
    assert "8765309" not in answer.text


def test_the_command_erases_too_and_does_not_say_whom(client: TestClient, settings: Settings) -> None:
    client.post("/v1/conversations", json=CALL)
    erased = tydlig(settings, "erase", "--customer", CUSTOMER)
    assert erased.stdout.startswith("Erased: 1 conversations, 0 invoices, 0 payments.")
    assert tydlig(settings, "erase", "--customer", CUSTOMER).stdout.startswith("Erased: 0 conversations")
    assert tydlig(settings, "erase").returncode == 1
    assert CUSTOMER not in json.dumps(client.get("/v1/erasures").json()) + erased.stdout


def test_beside_the_api_what_is_due_is_purged_by_itself(client: TestClient, settings: Settings) -> None:
    client.post("/v1/conversations", json=[CALL, CALL | {"id": "old", "started_at": "2020-01-01T10:00:00Z"}])
    with opened(settings) as engine, purging_daily(settings):
        wait_until(lambda: len(rows(engine, select(PurgeRow.id).where(PurgeRow.finished_at.is_not(None)))) == 2)
        assert rows(engine, select(ConversationRow.id).where(ConversationRow.words_gone_at.is_not(None))) == [2]
        assert set(rows(engine, select(TurnRow.conversation_id))) == {1}


def test_days_are_answered_over_http(client: TestClient, settings: Settings) -> None:
    with opened(settings) as engine, transaction(engine) as session:
        id = session.scalars(select(OrganisationRow.id)).one()
        set_retention(session, id, {DataClass.INVOICES: None})
    assert [one["days"] for one in client.get("/v1/retention").json()] == [365, 365, None]


def rows(engine: Engine, query: Any) -> list[Any]:
    with transaction(engine) as session:
        return list(session.scalars(query))
