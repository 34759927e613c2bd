from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from dashboard import client
from dashboard.client import ApiError
from dashboard.language import Texts
from dashboard.render import render
from dashboard.visit import Visit
from models.filters import Filter, FilterChoices
from models.labels import LANGUAGES
from tests.dashboard import stand_in
from tests.dashboard.conftest import APP, served
from tests.dashboard.stand_in import choices
from tests.servers import free_port


def shown(monkeypatch: pytest.MonkeyPatch, url: str, **address: str) -> str:
    """All HTML of the overview when the API is at ``url``; fails where a traceback would be shown."""
    monkeypatch.setenv("TYDLIG_API_URL", url)
    client.fetch.clear()
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
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


def test_a_period_without_data_leads_to_one_that_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(stand_in.app) as url:
        html = shown(monkeypatch, url, since="2020-01-01", until="2020-01-31")
    assert "No conversations in January" in html
    assert "October 2025</a>" in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (ApiError(0, "ConnectError"), "tydlig serve"),
        (ApiError(401, "A key is asked for."), "TYDLIG_API_KEY=… tydlig dashboard"),
        (ApiError(409, "It is not set.", "TYDLIG_COST_PER_MINUTE"), "TYDLIG_COST_PER_MINUTE=9.50 tydlig serve"),
    ],
)
def test_every_problem_has_its_remedy_in_every_language(language: str, error: ApiError, remedy: str) -> None:
    visit = Visit(Texts(language), choices(), Filter(), {})
    html = render("problem.html", visit, error=error, url="http://127.0.0.1:8000")
    assert remedy in html
    assert language == "en" or render("problem.html", replace(visit, t=Texts("en")), error=error, url="") != html
