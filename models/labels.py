"""Names and one-sentence descriptions of every id, in the product's languages."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files

from models.taxonomy import LANGUAGES

__all__ = ["LANGUAGES", "describe", "label"]


@cache
def _texts(language: str) -> dict[str, dict[str, dict[str, str]]]:
    """``labels`` and ``descriptions``, each by the name of the enumeration and then by id."""
    if language not in LANGUAGES:
        raise KeyError(f"{language!r} is none of {', '.join(LANGUAGES)}")
    source = files("models") / "label_texts" / f"{language}.json"
    texts: dict[str, dict[str, dict[str, str]]] = json.loads(source.read_text(encoding="utf-8"))
    return texts


def label(id: StrEnum, language: str) -> str:
    """The short name of a member of one of the product's enumerations. Raises KeyError for an unknown language."""
    return _texts(language)["labels"][type(id).__name__][id.value]


def describe(id: StrEnum, language: str) -> str:
    """What a reason, an invoice feature or a payment step means, in one sentence."""
    return _texts(language)["descriptions"][type(id).__name__][id.value]
