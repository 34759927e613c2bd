"""The API over HTTP, in the shapes of models.figures. Answers are kept for a minute."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote

import httpx
import streamlit as st
from pydantic import TypeAdapter

from models.figures import (
    BadRun,
    ChangeVerdict,
    FeatureDifference,
    InvoiceMap,
    Overview,
    PaymentSteps,
    ReasonDetail,
    ReasonFigures,
    TemplateSummary,
)
from models.filters import FilterChoices
from models.stored import ConversationDetail, ConversationPage, ImportSummary
from models.taxonomy import Feature, Reason, Step

Query = tuple[tuple[str, str], ...]
Shape = TypeVar("Shape")

TIMEOUT_SECONDS = 60.0


class ApiError(Exception):
    """The API gave no answer (``status`` 0) or refused; ``setting`` names what the server lacks."""

    def __init__(self, status: int, detail: str, setting: str | None = None) -> None:
        self.status, self.detail, self.setting = status, detail, setting
        super().__init__(detail)


def api_url() -> str:
    return os.environ.get("TYDLIG_API_URL", "http://127.0.0.1:8000").rstrip("/")


@st.cache_resource
def connection(url: str, key: str | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=f"{url}/v1/", headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False)


def ask(method: str, path: str, query: Query = (), body: object = None) -> bytes:
    try:
        client = connection(api_url(), os.environ.get("TYDLIG_API_KEY"))
        answer = client.request(method, path, params=httpx.QueryParams(list(query)), json=body)
    except httpx.HTTPError as error:
        raise ApiError(0, type(error).__name__) from None
    if answer.is_error:
        raise refusal(answer)
    return answer.content


def refusal(answer: httpx.Response) -> ApiError:
    """From a problem+json body (RFC 9457), or from the bare status."""
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    problem = answer.json() if is_problem else {}
    return ApiError(answer.status_code, problem.get("detail", answer.reason_phrase), problem.get("setting"))


@st.cache_data(ttl=60, max_entries=500, show_spinner=False)
def fetch(url: str, path: str, query: Query) -> bytes:
    """``url`` is part of what an answer is kept under."""
    return ask("GET", path, query)


def get(shape: type[Shape], path: str, query: Query = ()) -> Shape:
    return TypeAdapter(shape).validate_json(fetch(api_url(), path, query))


def choices() -> FilterChoices:
    return get(FilterChoices, "choices")


def overview(query: Query) -> Overview:
    return get(Overview, "overview", query)


def changes(query: Query) -> list[ChangeVerdict]:
    return get(list[ChangeVerdict], "changes", query)


def bad_runs(query: Query) -> list[BadRun]:
    return get(list[BadRun], "alarms", query)


def reasons(query: Query) -> list[ReasonFigures]:
    return get(list[ReasonFigures], "reasons", query)


def reason(reason: Reason, query: Query) -> ReasonDetail:
    return get(ReasonDetail, f"reasons/{reason}", query)


def templates(query: Query) -> list[TemplateSummary]:
    return get(list[TemplateSummary], "templates", query)


def invoice_map(name: str, query: Query) -> InvoiceMap:
    return get(InvoiceMap, f"templates/{quote(name, safe='')}/map", query)


def compare(first: str, second: str, query: Query) -> list[FeatureDifference]:
    return get(list[FeatureDifference], "templates/compare", (*query, ("first", first), ("second", second)))


def page_image(name: str, number: int) -> bytes | None:
    """The page as PNG; ``None`` where no layout was given."""
    try:
        return fetch(api_url(), f"templates/{quote(name, safe='')}/pages/{number}", ())
    except ApiError as error:
        if error.status == 404:
            return None
        raise


def steps(query: Query) -> PaymentSteps:
    return get(PaymentSteps, "steps", query)


def conversations(query: Query, offset: int, limit: int) -> ConversationPage:
    return get(ConversationPage, "conversations", (*query, ("offset", str(offset)), ("limit", str(limit))))


def conversation(id: int) -> ConversationDetail:
    return get(ConversationDetail, f"conversations/{id}")


def correct(
    id: int, primary: Reason, reasons: Sequence[Reason], features: Sequence[Feature], step: Step | None, *, author: str
) -> None:
    """Store a person's tags; all figures that were kept are asked for anew."""
    body = {"primary": primary, "reasons": reasons, "features": features, "step": step, "author": author}
    ask("POST", f"conversations/{id}/corrections", body=body)
    fetch.clear()


def imports() -> list[ImportSummary]:
    return get(list[ImportSummary], "imports")
