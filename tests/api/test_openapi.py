"""The documentation that other programs are written from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(api_key="long and random")).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_route_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert len(operation["description"]) > 40, name
        assert re.fullmatch("[a-z_]+", operation["operationId"]), name
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (name, parameter["name"])


def test_every_route_names_the_problems_it_can_answer_with(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for code, answer in operation["responses"].items():
            if code >= "400" and name != "GET /healthz":
                assert set(answer["content"]) == {"application/problem+json"}, (name, code)
        assert "401" in operation["responses"] or name == "GET /healthz"


def test_every_body_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["examples"], name
        good = next(answer for code, answer in operation["responses"].items() if code < "300")
        for media_type, content in good["content"].items():
            assert media_type == "image/png" or "example" in content, name


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for name in set(re.findall(r"#/components/schemas/([A-Za-z_0-9]+)", str(document))):
        assert name in document["components"]["schemas"]


def test_the_key_is_documented_where_one_is_needed(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert "securitySchemes" not in create_app(Settings()).openapi()["components"]


def test_the_documentation_is_served(client: TestClient) -> None:
    assert client.get("/docs").status_code == 200
    assert client.get("/openapi.json").json()["info"]["title"] == "Tydlig"
