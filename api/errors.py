"""Errors to answers, in one place: RFC 9457 problem details that never repeat what was sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.exceptions import HTTPException

from api.database import Unavailable
from models.errors import BadInput, BadSetting, NotFound, TydligError
from models.values import Value

log = logging.getLogger("tydlig.api")

MEDIA_TYPE = "application/problem+json"
UNION_TAGS = {"one", "many"}


class Fault(Value):
    """One thing wrong with a request: where, as a path into it, and what."""

    at: str
    problem: str


class Problem(Value):
    """Problem details, RFC 9457. ``type`` stays ``about:blank``: ``status`` and ``title`` say the kind."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = Field(default=(), description="What was wrong with the request, place by place.")
    setting: str | None = Field(default=None, description="The server's setting that is missing or wrong.")
    error_id: str | None = Field(default=None, description="Under this id the server's log tells more.")


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> ProblemResponse:
    title = HTTPStatus(status).phrase
    body = Problem(title=title, status=status, detail=detail, **more)
    return ProblemResponse({"type": body.type} | body.model_dump(exclude_defaults=True), status, headers)


Responses = dict[int | str, dict[str, Any]]


def documented(*statuses: int) -> Responses:
    """OpenAPI's ``responses`` for the problems that a route can answer with."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": HTTPStatus(s).phrase, "content": {MEDIA_TYPE: schema}} for s in statuses}


def install(app: FastAPI) -> None:
    """Make every error that is raised on purpose a problem; all others are :func:`unexpected`'s."""
    app.exception_handler(TydligError)(_on_purpose)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(IntegrityError)(_collision)
    app.exception_handler(OperationalError)(_unavailable)


def _on_purpose(_: Request, error: TydligError) -> ProblemResponse:
    match error:
        case NotFound():
            return problem(404, f"There is no such {error.kind} here.")
        case BadSetting():
            return problem(409, str(error), setting=error.name)
        case BadInput():
            return problem(422, f"{error.problem}. {error.remedy}")
        case _:
            return problem(400, str(error))


def _invalid(request: Request, error: RequestValidationError) -> ProblemResponse:
    """Only place and message are passed on: pydantic's ``input`` and ``ctx`` repeat what was sent."""
    if _is_no_json(request):
        return problem(415, "Send the body as JSON, with the header Content-Type: application/json.")
    faults = tuple(Fault(at=_path(e["loc"]), problem=e["msg"]) for e in error.errors()[:20])
    return problem(422, "The request does not have the form that this address takes.", errors=faults)


def _is_no_json(request: Request) -> bool:
    """Whether a body came under another name than JSON's, which FastAPI then takes for a mere text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    holds_a_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return holds_a_body and kind != "application/json" and not kind.endswith("+json")


def _path(place: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in place if part not in UNION_TAGS)


def _http(_: Request, error: HTTPException) -> ProblemResponse:
    return problem(error.status_code, error.detail, error.headers)


def _collision(_: Request, error: IntegrityError) -> ProblemResponse:
    return problem(409, "Another request stored the same at the same moment. Send yours again.")


def _unavailable(_: Request, error: OperationalError) -> ProblemResponse:
    return problem(503, str(Unavailable(error)), {"Retry-After": "10"})


def unexpected(error: Exception) -> ProblemResponse:
    """Log where it happened under an id, and answer with that id.

    The message is left out of both: it may hold what a customer said.
    """
    error_id = uuid4().hex[:12]
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("error %s: %s\n%s", error_id, type(error).__name__, frames)
    return problem(500, "Something went wrong here. The server's log tells more.", error_id=error_id)
