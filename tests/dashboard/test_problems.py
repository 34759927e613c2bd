from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from dashboard import client
from models.figures import FilterChoices
from tests.dashboard.conftest import APP, free_port, served
from tests.dashboard.stand_in import choices


def shown(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """All HTML of the overview when the API is at ``url``; fails where a traceback would be shown."""
    monkeypatch.setenv("TYDLIG_API_URL", url)
    client.fetch.clear()
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    return "".join(part.proto.body for part in page.get("html"))


def refusing(status: int, **problem: Any) -> FastAPI:
    app = FastAPI()
    app.get("/v1/choices")(choices)

    @app.get("/v1/{path:path}")
    def refuse(path: str) -> JSONResponse:
        return JSONResponse(problem, status, media_type="application/problem+json")

    return app


def test_an_api_that_does_not_run_is_said_calmly_with_the_command_that_starts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    html = shown(monkeypatch, url)
    assert url in html
    assert "tydlig serve" in html


def test_a_missing_cost_per_minute_is_named_with_how_to_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(refusing(409, detail="It is not set.", setting="TYDLIG_COST_PER_MINUTE")) as url:
        assert "TYDLIG_COST_PER_MINUTE=9.50 tydlig serve" in shown(monkeypatch, url)


def test_an_empty_database_says_what_to_import(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    empty = choices().model_copy(update={"first_day": None, "last_day": None})
    app.get("/v1/choices", response_model=FilterChoices)(lambda: empty)
    with served(app) as url:
        assert "tydlig import" in shown(monkeypatch, url)


def test_a_fault_of_the_api_is_a_sentence_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(refusing(500, detail="Something went wrong here.")) as url:
        assert "Something went wrong here." in shown(monkeypatch, url)
