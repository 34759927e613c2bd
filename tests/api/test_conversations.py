"""Conversations handed in over HTTP: redacted, tagged, stored once, read and corrected."""

from __future__ import annotations

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from api import examples
from api.bodies import MAX_CHARACTERS, MAX_CONVERSATIONS, MAX_TURNS
from api.settings import Settings
from ingest.privacy.key import rotate

CHAT: dict[str, Any] = examples.ONE_OR_MANY["one"]["value"]
PRIVATE = "070-123 45 67"


def spoken(*texts: str, **more: object) -> dict[str, Any]:
    return {"turns": [{"speaker": "customer", "text": text} for text in texts]} | more


def test_tagging_answers_with_the_form_of_a_line_of_the_command(client: TestClient) -> None:
    answer = client.post("/v1/tag", json=spoken("Hej, Anna Lindqvist här. Jag hittar inget OCR-nummer på fakturan."))
    assert answer.status_code == 200
    tagged = answer.json()
    assert tagged["primary"] == tagged["reasons"][0]["id"] == "payment_reference"
    assert tagged["language"] == "sv"
    assert "Lindqvist" not in answer.text
    turn = tagged["turns"][0]["text"]
    for evidence in tagged["reasons"][0]["evidence"]:
        assert turn[evidence["start"] : evidence["end"]]


def test_tagging_stores_nothing(client: TestClient) -> None:
    client.post("/v1/tag", json=spoken("Jag hittar inget OCR-nummer."))
    assert client.get("/v1/conversations").json()["total"] == 0


def test_what_was_handed_in_can_be_read_without_personal_data(either_client: TestClient) -> None:
    call = spoken(f"Anna Lindqvist, {PRIVATE}. Jag hittar inget OCR-nummer på fakturan.", id="c-1", channel="phone")
    stored = either_client.post("/v1/conversations", json=call)
    assert stored.status_code == 201
    assert stored.json()["external_id"] == "c-1"
    detail = either_client.get(f"/v1/conversations/{stored.json()['id']}")
    assert detail.json()["summary"]["primary"] == stored.json()["primary"] == "payment_reference"
    assert detail.json()["summary"]["channel"] == "phone"
    assert not any(private in detail.text for private in ("Lindqvist", "123 45 67"))


def test_the_same_again_is_a_duplicate_and_changes_nothing(either_client: TestClient) -> None:
    first, again = (either_client.post("/v1/conversations", json=CHAT) for _ in range(2))
    assert (first.status_code, first.json()["outcome"]) == (201, "imported")
    assert (again.status_code, again.json()["outcome"]) == (200, "duplicate")
    assert again.json()["id"] == first.json()["id"]
    assert either_client.get("/v1/conversations").json()["total"] == 1


def test_a_list_is_answered_with_a_list_in_the_same_order(either_client: TestClient) -> None:
    either_client.post("/v1/conversations", json=CHAT)
    several = [CHAT | {"id": "n-1"}, CHAT, CHAT | {"id": "n-2"}]
    answer = either_client.post("/v1/conversations", json=several)
    assert answer.status_code == 201
    assert [(one["external_id"], one["outcome"]) for one in answer.json()] == [
        ("n-1", "imported"),
        (CHAT["id"], "duplicate"),
        ("n-2", "imported"),
    ]


def test_of_a_list_with_one_broken_conversation_nothing_is_stored(client: TestClient) -> None:
    answer = client.post("/v1/conversations", json=[CHAT, {"id": "n-2", "turns": []}])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "body.1.turns"
    assert client.get("/v1/conversations").json()["total"] == 0


def test_the_same_sent_many_times_at_once_is_stored_once(either_client: TestClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: either_client.post("/v1/conversations", json=CHAT), range(8)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(201) == 1
    assert set(codes) <= {200, 201, 409}
    assert either_client.get("/v1/conversations").json()["total"] == 1


def test_different_ones_sent_at_once_are_all_stored(either_client: TestClient) -> None:
    chats = [CHAT | {"id": f"at-once-{n}"} for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda chat: either_client.post("/v1/conversations", json=chat), chats))
    assert [answer.status_code for answer in answers] == [201] * 12
    assert either_client.get("/v1/conversations").json()["total"] == 12


def test_characters_that_a_database_cannot_hold_do_no_harm(either_client: TestClient) -> None:
    answer = either_client.post(
        "/v1/conversations", json=spoken("Var är\u0000 fakturan? 🧾", id="nul", queue="a\u0000b")
    )
    assert answer.status_code == 201
    assert "\\u0000" not in either_client.get(f"/v1/conversations/{answer.json()['id']}").text


def test_a_correction_counts_from_then_on(either_client: TestClient) -> None:
    id = either_client.post("/v1/conversations", json=CHAT).json()["id"]
    correction = {"primary": "due_date", "features": ["due_date"], "step": "enter_details", "author": "quality team"}
    answer = either_client.post(f"/v1/conversations/{id}/corrections", json=correction)
    assert answer.status_code == 201
    detail = either_client.get(f"/v1/conversations/{id}").json()
    assert answer.json() == detail
    assert (detail["summary"]["primary"], detail["corrected"], detail["model_version"]) == ("due_date", True, "person")
    assert [tag["id"] for tag in detail["features"]] == ["due_date"]
    counted = either_client.get("/v1/conversations", params={"reason": "due_date"}).json()
    assert counted["total"] == 1


def test_not_billing_cannot_stand_beside_another_reason(client: TestClient) -> None:
    id = client.post("/v1/conversations", json=CHAT).json()["id"]
    for more in ({"reasons": ["due_date"]}, {"features": ["vat"]}, {"step": "open"}):
        correction = {"primary": "not_billing", "author": "quality team"} | more
        assert client.post(f"/v1/conversations/{id}/corrections", json=correction).status_code == 422


def test_a_correction_by_nobody_is_refused_and_a_strange_name_does_no_harm(either_client: TestClient) -> None:
    address = f"/v1/conversations/{either_client.post('/v1/conversations', json=CHAT).json()['id']}/corrections"
    authors = {" ": 422, "": 422, "quality\0team": 201}
    for author, status in authors.items():
        assert either_client.post(address, json={"primary": "due_date", "author": author}).status_code == status


@pytest.mark.parametrize("address", ["conversations?language=%00", "overview?queue=a%00", "templates/%00/map"])
def test_an_address_that_no_database_can_look_up_is_refused(either_client: TestClient, address: str) -> None:
    assert either_client.get(f"/v1/{address}").status_code == 400


@pytest.mark.parametrize("address", ["/v1/conversations/999", "/v1/conversations/999/corrections"])
def test_a_conversation_that_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    body = {"primary": "due_date", "author": "quality team"}
    answer = client.post(address, json=body) if address.endswith("corrections") else client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


BROKEN: dict[str, object] = {
    "no turns": {"id": PRIVATE},
    "turns are text": {"id": "1", "turns": PRIVATE},
    "nobody speaks": spoken("", "  ", id=PRIVATE),
    "time without zone": spoken(PRIVATE, id="1", started_at="2026-01-01T10:00:00"),
    "no time": spoken(PRIVATE, id="1", started_at=PRIVATE),
    "a turn that is text": {"id": "1", "turns": [PRIVATE]},
    "too long": spoken(PRIVATE + "x" * MAX_CHARACTERS, id="1"),
    "too many turns": spoken(*[PRIVATE] * (MAX_TURNS + 1), id="1"),
    "too many conversations": [spoken(PRIVATE, id="1")] * (MAX_CONVERSATIONS + 1),
    "an empty list": [],
    "a number": 4711,
    "nothing": None,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_was_sent_is_repeated_neither_in_the_answer_nor_in_the_log(
    client: TestClient, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/v1/conversations", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["problem"]
    logged = "".join(record.getMessage() for record in caplog.records)
    assert not any(private in answer.text + logged for private in (PRIVATE, "4711"))


@pytest.mark.parametrize("content", [b"{nope 070-123", b'{"a": "\xff"}', b"[" * 100_000, b"", b'{"id": "\\ud800"}'])
def test_what_is_no_json_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.post("/v1/conversations", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert "070" not in answer.text


def test_keys_that_are_not_known_are_ignored(client: TestClient) -> None:
    assert client.post("/v1/tag", json=spoken("Hej", mood="good") | {"gold": {"primary": "x"}}).status_code == 200


def test_a_list_is_paged(client: TestClient) -> None:
    client.post("/v1/conversations", json=[CHAT | {"id": f"p-{n}"} for n in range(5)])
    page = client.get("/v1/conversations", params={"offset": 3, "limit": 3}).json()
    assert (page["total"], page["offset"], len(page["items"])) == (5, 3, 2)
    assert client.get("/v1/conversations", params={"limit": 201}).status_code == 422


def test_every_example_in_the_documentation_can_be_sent(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    sent = 0
    for path, methods in document["paths"].items():
        for example in (
            methods.get("post", {})
            .get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("examples", {})
            .values()
        ):
            answer = client.post(
                path.replace("{id}", "1"),
                content=json.dumps(example["value"]),
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code in {200, 201}, (path, answer.text)
            sent += 1
    assert sent == 9


@pytest.mark.parametrize("address", ["/v1/tag", "/v1/conversations"])
def test_odd_metadata_is_taken_for_unknown(client: TestClient, address: str) -> None:
    odd = {"id": 17, "channel": "voice", "language": "klingon", "queue": None, "handling_seconds": -1}
    answer = client.post(address, json=odd | {"turns": [{"speaker": None, "text": "Vad är fakturaavgiften?"}]})
    assert answer.is_success, answer.text
    assert "17" in (answer.json()["id"], answer.json().get("external_id"))


@pytest.mark.parametrize(
    "started_at", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00", "2026-03-01T10:00:00"]
)
def test_a_time_that_no_database_keeps_is_refused(client: TestClient, started_at: str) -> None:
    answer = client.post("/v1/conversations", json=spoken("Hej", id="t-1", started_at=started_at))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "body.started_at"


def test_a_body_that_is_not_called_json_is_told_which_header_is_missing(client: TestClient) -> None:
    body = json.dumps(spoken("Hej"))
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/v1/tag", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 415
        assert "Content-Type: application/json" in answer.json()["detail"]


def test_while_the_database_is_being_written_to_a_client_is_told_to_come_back(client: TestClient) -> None:
    engine = client.app.state.engine  # type: ignore[attr-defined]
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/v1/conversations", json=CHAT)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Another import or request is writing" in answer.json()["detail"]
        assert client.get("/v1/conversations").status_code == 200, "reading goes on"
        other.execute("COMMIT")
    assert client.post("/v1/conversations", json=CHAT).status_code == 201


def test_after_a_rotation_a_server_that_runs_on_stores_nothing_and_says_what_to_do(
    either_client: TestClient, settings: Settings
) -> None:
    assert either_client.post("/v1/conversations", json=CHAT).status_code == 201
    rotate(either_client.app.state.engine, settings.key_file)  # type: ignore[attr-defined]
    answer = either_client.post("/v1/conversations", json=CHAT | {"id": "after"})
    assert (answer.status_code, answer.json()["setting"]) == (409, "TYDLIG_KEY_FILE")
    assert either_client.get("/v1/conversations").status_code == 200, "reading goes on"
