"""The figures over HTTP: every question is answered in its shape, narrowed as asked, or refused as a problem."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

QUESTIONS = {
    "overview": "/v1/overview",
    "reasons": "/v1/reasons",
    "reason": "/v1/reasons/payment_reference",
    "templates": "/v1/templates",
    "steps": "/v1/steps",
    "changes": "/v1/changes",
    "alarms": "/v1/alarms",
    "imports": "/v1/imports",
    "choices": "/v1/choices",
    "taxonomy": "/v1/taxonomy",
    "conversations": "/v1/conversations",
}


@pytest.mark.parametrize("address", [address for name, address in QUESTIONS.items() if name != "overview"])
def test_a_firm_that_has_imported_nothing_yet_gets_empty_answers(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_sample_company_gets_an_answer_to_every_question(sample_client: TestClient, address: str) -> None:
    answer = sample_client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()


def test_without_the_cost_of_a_minute_the_missing_setting_is_named(settings: Settings) -> None:
    free = settings.model_copy(update={"cost_per_minute": None})
    with TestClient(create_app(free), base_url="http://127.0.0.1") as client:
        answer = client.get("/v1/overview")
    assert answer.status_code == 409
    assert answer.json()["setting"] == "TYDLIG_COST_PER_MINUTE"


def test_every_version_has_a_map_and_a_page(sample_client: TestClient) -> None:
    for template in sample_client.get("/v1/templates").json():
        shown = sample_client.get(f"/v1/templates/{template['name']}/map").json()
        assert shown["template"] == template
        page = sample_client.get(f"/v1/templates/{template['name']}/pages/1")
        assert page.headers["content-type"] == "image/png"
        assert page.content.startswith(b"\x89PNG")


def test_two_versions_are_compared_in_the_order_asked(sample_client: TestClient) -> None:
    def difference(first: str, second: str) -> float:
        rows = sample_client.get("/v1/templates/compare", params={"first": first, "second": second}).json()
        return next(row["difference"] for row in rows if row["feature"] == "payment_reference")

    assert difference("invoice-a", "invoice-b") > 0
    assert difference("invoice-b", "invoice-a") == pytest.approx(-difference("invoice-a", "invoice-b"))


def test_parameters_narrow_and_repeated_ones_widen(sample_client: TestClient) -> None:
    def total(query: str) -> int:
        count: int = sample_client.get(f"/v1/conversations?{query}").json()["total"]
        return count

    assert total("language=sv&language=nb") == total("language=sv") + total("language=nb")
    assert 0 < total("language=sv&channel=phone") < total("language=sv") < total("")
    assert total("since=2026-08-01&until=2026-08-31") < total("since=2026-08-01&until=2026-09-01")


def test_the_pages_of_a_list_meet_without_gap_or_overlap(sample_client: TestClient) -> None:
    pages = [sample_client.get(f"/v1/conversations?limit=20&offset={offset}").json()["items"] for offset in (0, 20)]
    both = sample_client.get("/v1/conversations?limit=40").json()["items"]
    assert pages[0] + pages[1] == both


@pytest.mark.parametrize("language", ["sv", "nb", "da", "fi", "en"])
def test_the_taxonomy_has_a_label_for_every_id(client: TestClient, language: str) -> None:
    taxonomy = client.get("/v1/taxonomy", params={"language": language}).json()
    assert [len(taxonomy[part]) for part in ("reasons", "features", "steps")] == [27, 21, 9]
    assert all(one["label"] for part in ("groups", "reasons", "features", "steps") for one in taxonomy[part])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/v1/templates/none/map", 404),
        ("/v1/templates/none/pages/1", 404),
        ("/v1/templates/invoice-a/pages/99", 404),
        ("/v1/templates/compare?first=invoice-a&second=none", 404),
        ("/v1/templates/compare?first=invoice-a", 422),
        ("/v1/reasons/none", 422),
        ("/v1/reasons?language=sv&channel=pigeon", 422),
        ("/v1/reasons?since=2026-02-30", 422),
        ("/v1/reasons?since=2026-02-02&until=2026-02-01", 422),
        ("/v1/taxonomy?language=xx", 422),
        ("/v1/nothing", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(sample_client: TestClient, address: str, code: int) -> None:
    answer = sample_client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (code, "application/problem+json")
    assert answer.json()["status"] == code


def test_a_wrong_method_is_a_problem_too(client: TestClient) -> None:
    answer = client.delete("/v1/overview")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


def test_the_server_says_what_it_runs(client: TestClient) -> None:
    client.post("/v1/tag", json={"turns": [{"text": "Hej"}]})
    health = client.get("/healthz").json()
    assert health["database"] is True
    assert health["model_version"]


@pytest.mark.parametrize("period", ["since=0001-01-01", "until=9999-12-31", "sent_until=9999-12-31"])
@pytest.mark.parametrize("question", ["overview", "reasons", "steps", "conversations"])
def test_days_outside_our_times_are_refused(sample_client: TestClient, question: str, period: str) -> None:
    answer = sample_client.get(f"/v1/{question}?{period}")
    assert answer.status_code == 422
    assert "outside 1970 to 2200" in answer.text


def test_what_is_not_found_is_not_repeated(sample_client: TestClient) -> None:
    answer = sample_client.get("/v1/templates/070-1234567/map")
    assert answer.status_code == 404
    assert "070" not in answer.text
