"""What a tagger says of a conversation. Its makers are trusted: nothing is checked, and no checking library loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Le

from models.taxonomy import Feature, Reason, Step

Probability = Annotated[float, Ge(0), Le(1)]
Place = Annotated[int, Ge(0)]
TaggerName = Literal["fast", "full", "cascade"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The words that show a tag: ``turns[turn].text[start:end]``, how strongly, and why."""

    turn: Place
    start: Place
    end: Place
    score: Probability
    because: str


@dataclass(frozen=True, kw_only=True)
class ReasonTag:
    id: Reason
    confidence: Probability
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FeatureTag:
    id: Feature
    confidence: Probability
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """What one reading of a conversation found.

    ``reasons`` holds the primary one first; ``probabilities`` has every reason's calibrated probability.
    ``uncertain`` is true below the tagger's stated confidence; ``runner_up`` is then what came second.
    """

    primary: Reason
    confidence: Probability
    reasons: tuple[ReasonTag, ...]
    features: tuple[FeatureTag, ...] = ()
    step: Step | None = None
    language: str
    uncertain: bool = False
    runner_up: Reason | None = None
    probabilities: dict[Reason, Probability] = field(default_factory=dict)
    model_version: str
