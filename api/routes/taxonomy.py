"""The ids of reasons, invoice features and payment steps, with labels for people."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.errors import documented
from models.labels import label
from models.taxonomy import (
    EN16931_TERMS,
    GROUP_OF_REASON,
    STEP_OF_REASON,
    Feature,
    Reason,
    ReasonGroup,
    Step,
)
from models.values import Value

router = APIRouter(tags=["taxonomy"], responses=documented(401))


class GroupLabel(Value):
    id: ReasonGroup
    label: str


class ReasonLabel(Value):
    """``step`` is where such a customer is stuck unless the words say otherwise."""

    id: Reason
    label: str
    group: ReasonGroup
    step: Step | None


class FeatureLabel(Value):
    """``terms`` are business terms and groups of the European standard EN 16931-1."""

    id: Feature
    label: str
    terms: tuple[str, ...]


class StepLabel(Value):
    id: Step
    label: str


class Taxonomy(Value):
    """Everything a conversation can be tagged with; steps stand in the order in which a customer meets them."""

    language: str
    groups: tuple[GroupLabel, ...]
    reasons: tuple[ReasonLabel, ...]
    features: tuple[FeatureLabel, ...]
    steps: tuple[StepLabel, ...]


@router.get("/taxonomy", summary="Reasons, invoice features and payment steps with labels")
def get_taxonomy(
    language: Annotated[Literal["sv", "nb", "da", "fi", "en"], Query(description="Language of the labels.")] = "en",
) -> Taxonomy:
    """The ids never change their meaning; the labels are for people."""
    return Taxonomy(
        language=language,
        groups=tuple(GroupLabel(id=group, label=label(group, language)) for group in ReasonGroup),
        reasons=tuple(
            ReasonLabel(
                id=reason,
                label=label(reason, language),
                group=GROUP_OF_REASON[reason],
                step=STEP_OF_REASON.get(reason),
            )
            for reason in Reason
        ),
        features=tuple(
            FeatureLabel(id=feature, label=label(feature, language), terms=EN16931_TERMS.get(feature, ()))
            for feature in Feature
        ),
        steps=tuple(StepLabel(id=step, label=label(step, language)) for step in Step),
    )
