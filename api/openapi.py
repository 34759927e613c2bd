"""What the OpenAPI document says beyond the routes: the shape of problems, and an example of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from api.errors import Problem
from api.example_answers import as_json

UNUSED = ("HTTPValidationError", "ValidationError")  # FastAPI's own error shapes: problems stand in their place


def describe(app: FastAPI) -> None:
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs", {}) | {"Problem": problem}
        for name in UNUSED:
            schemas.pop(name, None)
        for operation, content in _good_answers(document):
            content["example"] = as_json(operation["operationId"])
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _good_answers(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each operation with the content of what it answers when all is well, where that is JSON."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for code, answer in operation["responses"].items():
                if code < "300" and "application/json" in answer["content"]:
                    yield operation, answer["content"]["application/json"]
