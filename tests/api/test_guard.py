"""The door: who is answered, how much may be sent, and what is said of an error that nobody expected."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api import errors
from api.guard import MAX_BODY_BYTES, Guard
from api.settings import Settings

SAID = "Mitt personnummer är 19811218-9876"


def app_behind_the_door(settings: Settings) -> TestClient:
    app = FastAPI()

    @app.post("/v1/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.post("/v1/crash")
    async def crash() -> None:
        raise ValueError(SAID)

    app.add_middleware(Guard, settings=settings)
    errors.install(app)
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.fixture
def open_door() -> TestClient:
    return app_behind_the_door(Settings())


@pytest.fixture
def locked_door() -> TestClient:
    return app_behind_the_door(Settings(api_key="long and random"))


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Basic long and random", "long and random", "Bearer "])
def test_without_the_right_key_nothing_is_answered(locked_door: TestClient, given: str | None) -> None:
    answer = locked_door.post("/v1/echo", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_with_the_right_key_the_door_opens(locked_door: TestClient) -> None:
    answer = locked_door.post("/v1/echo", content="hej", headers={"Authorization": "Bearer long and random"})
    assert answer.json() == 3


def test_a_web_page_under_another_name_cannot_ask_this_machine(open_door: TestClient) -> None:
    assert open_door.post("/v1/echo", headers={"Host": "evil.example:8000"}).status_code == 403
    for host in ("localhost", "localhost:8000", "[::1]:8000", "127.0.0.1"):
        assert open_door.post("/v1/echo", headers={"Host": host}).status_code == 200


def test_a_body_that_announces_itself_too_large_is_not_read(open_door: TestClient) -> None:
    answer = open_door.post("/v1/echo", content=b"x", headers={"Content-Length": str(MAX_BODY_BYTES + 1)})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_a_body_that_never_says_how_large_it_is_is_cut_off(open_door: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1_000_000 + 1):
            yield b"x" * 1_000_000

    answer = open_door.post("/v1/echo", content=pieces())
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_an_unexpected_error_is_logged_under_an_id_without_what_was_said(
    open_door: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = open_door.post("/v1/crash")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["error_id"] in caplog.text
    assert "ValueError" in caplog.text
    assert "test_guard.py" in caplog.text
    assert "9876" not in answer.text + caplog.text
