"""People who are allowed to look for what the redaction left, and what they mark is gone at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:8000"
LEFT = "Kvartsarmband"
"""A name that no redaction knows."""
WORDS = f"Hej, Anna Lindqvist och {LEFT} här. Jag hittar inget OCR-nummer på fakturan."


@contextmanager
def guarded(settings: Settings, **keys: str) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={name: SecretStr(key) for name, key in keys.items()}))
    with TestClient(app, base_url=HERE, headers={"Authorization": "Bearer a"}) as client:
        yield client


def stored(client: TestClient) -> dict[str, Any]:
    """A conversation as a reviewer is shown it."""
    turns = [{"speaker": "agent", "text": "Välkommen"}, {"speaker": "customer", "text": WORDS}]
    client.post("/v1/conversations", json={"id": "c", "language": "sv", "turns": turns})
    (item,) = client.get("/v1/reviews/sample").json()
    return dict(item)


def leftover(item: dict[str, Any]) -> dict[str, Any]:
    start = item["turns"][1]["text"].index(LEFT)
    return {"turn": 1, "start": start, "end": start + len(LEFT), "kind": "person"}


def test_each_placeholder_is_shown_with_kind_score_and_cause(either_client: TestClient) -> None:
    turn = stored(either_client)["turns"][1]
    (found,) = (one for one in turn["redactions"] if one["kind"] == "person")
    assert turn["text"][found["start"] : found["end"]].startswith("[PERSON")
    assert found["score"] > 0
    assert found["because"]
    assert "Lindqvist" not in str(turn)


def test_what_a_reviewer_marks_gives_way_to_a_placeholder_and_is_counted(either_client: TestClient) -> None:
    item = stored(either_client)
    body = {"conversation_id": item["conversation_id"], "reviewer": "team", "leftovers": [leftover(item)]}
    answer = either_client.post("/v1/reviews", json=body)
    assert answer.status_code == 201
    share = answer.json()["turns_with_leftovers"]
    assert (share["count"], share["denominator"], share["value"]) == (1, 2, 50)
    assert 0 < share["low"] < 50 < share["high"] < 100
    assert answer.json()["by_kind"] == {"person": 1}
    detail = either_client.get(f"/v1/conversations/{item['conversation_id']}")
    assert LEFT not in detail.text
    text = detail.json()["turns"][1]["text"]
    assert text == item["turns"][1]["text"].replace(LEFT, "[PERSON]")
    shown = [text[e["start"] : e["end"]] for tag in detail.json()["reasons"] for e in tag["evidence"]]
    assert "OCR" in "".join(shown)
    assert either_client.get("/v1/reviews/sample").json() == []


def test_nothing_left_is_a_finding_too(client: TestClient) -> None:
    item = stored(client)
    share = client.post("/v1/reviews", json={"conversation_id": item["conversation_id"], "reviewer": "team"}).json()
    assert share["turns_with_leftovers"]["count"] == 0
    assert share["turns_with_leftovers"]["high"] > 0
    assert client.get("/v1/reviews").json() == share


def test_a_marked_name_is_gone_from_the_files_too(client: TestClient, settings: Settings) -> None:
    item = stored(client)
    files = [path for path in settings.home.iterdir() if path.is_file() and path.name.startswith("test.db")]
    assert any(LEFT.encode() in path.read_bytes() for path in files)
    body = {"conversation_id": item["conversation_id"], "reviewer": "team", "leftovers": [leftover(item)]}
    client.post("/v1/reviews", json=body)
    assert not any(LEFT.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "places", [[{"turn": 9, "start": 0, "end": 2}], [{"turn": 1, "start": 5, "end": 4000}], [(1, 0, 5), (1, 4, 9)]]
)
def test_a_place_that_does_not_exist_is_refused_and_nothing_is_recorded(client: TestClient, places: list[Any]) -> None:
    item = stored(client)
    told = [one if isinstance(one, dict) else dict(zip(("turn", "start", "end"), one, strict=True)) for one in places]
    leftovers = [one | {"kind": "person"} for one in told]
    body = {"conversation_id": item["conversation_id"], "reviewer": "team", "leftovers": leftovers}
    assert client.post("/v1/reviews", json=body).status_code == 422
    assert client.get("/v1/reviews").json()["conversations"] == 0
    assert client.get("/v1/reviews/sample").json() == [item]


def test_a_key_for_the_api_does_not_let_anybody_review(settings: Settings) -> None:
    body = {"conversation_id": 1, "reviewer": "team"}
    with guarded(settings, api_key="a") as client:
        for answer in (client.get("/v1/reviews/sample"), client.post("/v1/reviews", json=body)):
            assert (answer.status_code, "TYDLIG_REVIEW_KEY" in answer.text) == (403, True)
    with guarded(settings, api_key="a", review_key="r") as client:
        assert client.get("/v1/reviews/sample").status_code == 403
        assert client.get("/v1/reviews/sample", headers={"X-Review-Key": "a"}).status_code == 403
        assert client.get("/v1/reviews/sample", headers={"X-Review-Key": "r"}).status_code == 200
        client.headers.pop("Authorization")
        assert client.get("/v1/reviews/sample", headers={"X-Review-Key": "r"}).status_code == 401


def test_the_command_asks_and_masks(client: TestClient, settings: Settings) -> None:
    stored(client)
    told = {"HOME": settings.home, "DATABASE_URL": settings.database_url, "ORGANISATION_SLUG": "test"}
    run = subprocess.run(
        [sys.executable, "-m", "api.cli", "review", "--reviewer", "team"],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "TYDLIG_TAGGER": "fast"}
        | {f"TYDLIG_{name}": str(value) for name, value in told.items()},
        input=f"7 person x\n1 person {LEFT.lower()}\n\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "No such words there" in run.stdout
    assert "1 of 2 turns" in run.stdout
    assert LEFT not in client.get("/v1/conversations/1").text
