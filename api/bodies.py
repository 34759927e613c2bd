"""What requests may hold: the values of models, bounded, and shapes that only the API speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from ingest.conversations.record import EARLIEST, LATEST
from ingest.plain import tolerated
from models.privacy import Leftover
from models.tags import Tagging
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation, Turn, Value

MAX_TURNS = 10_000  # a call of six hours
MAX_CHARACTERS = 20_000
MAX_CONVERSATIONS = 1_000


class SentTurn(Turn):
    model_config = ConfigDict(allow_inf_nan=False)

    text: str = Field(max_length=MAX_CHARACTERS)


class SentConversation(Conversation):
    """One contact of one customer. Only ``id`` and ``turns`` are needed; keys that are not known are ignored."""

    model_config = ConfigDict(allow_inf_nan=False)

    turns: tuple[SentTurn, ...] = Field(min_length=1, max_length=MAX_TURNS)

    @model_validator(mode="before")
    @classmethod
    def odd_metadata_is_unknown(cls, sent: Any) -> Any:
        return tolerated(sent) if isinstance(sent, dict) else sent

    @field_validator("started_at")
    @classmethod
    def lies_in_our_times(cls, started_at: datetime | None) -> datetime | None:
        if started_at and not EARLIEST < started_at < LATEST:
            raise ValueError("lies outside 1970 to 2200")
        return started_at

    @field_validator("turns")
    @classmethod
    def somebody_speaks(cls, turns: tuple[SentTurn, ...]) -> tuple[SentTurn, ...]:
        if not any(turn.text.strip() for turn in turns):
            raise ValueError("no word is said in the turns")
        return turns


class AnyConversation(SentConversation):
    """As for storing, but ``id`` may be left out."""

    id: str = Field(default="", max_length=200)


def _one_or_many(body: object) -> str:
    return "many" if isinstance(body, list) else "one"


OneOrMany = Annotated[
    Annotated[SentConversation, Tag("one")]
    | Annotated[list[SentConversation], Field(min_length=1, max_length=MAX_CONVERSATIONS), Tag("many")],
    Discriminator(_one_or_many),
]


@dataclass(frozen=True, kw_only=True)
class Identified:
    """Its own class, and the last base below, so that the id comes first in what is written."""

    id: str


@dataclass(frozen=True, kw_only=True)
class TaggedConversation(Tagging, Identified):
    """A tagging with the redacted turns that its evidence points into, one for one with the turns that came in."""

    turns: tuple[Turn, ...]


class StoredConversation(Value):
    """``id`` is Tydlig's, ``external_id`` the sender's; a duplicate was stored already, word for word."""

    id: int
    external_id: str
    outcome: Literal["imported", "duplicate"]
    primary: Reason
    confidence: float


class Correction(Value):
    """What the tags should be, and who says so (a work account, not a customer)."""

    primary: Reason
    reasons: tuple[Reason, ...] = ()
    features: tuple[Feature, ...] = ()
    step: Step | None = None
    author: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

    @model_validator(mode="after")
    def nothing_but_not_billing_beside_it(self) -> Self:
        if Reason.NOT_BILLING in (self.primary, *self.reasons) and (
            set(self.reasons) - {Reason.NOT_BILLING} or self.primary != Reason.NOT_BILLING or self.features or self.step
        ):
            raise ValueError("not_billing stands alone: no other reason, no feature, no step")
        return self


class ErasureRequest(Value):
    """Whose data is to be erased: the customer's with this number, or the conversation that came with this id."""

    model_config = ConfigDict(hide_input_in_errors=True)

    customer_number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = (
        None
    )
    conversation: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def exactly_one_is_told(self) -> Self:
        if (self.customer_number is None) == (self.conversation is None):
            raise ValueError("give either customer_number or conversation")
        return self


class Review(Value):
    """What a reviewer found in a conversation: nothing, or places in its turns where personal data was left."""

    conversation_id: int = Field(ge=1, le=2**31 - 1)
    reviewer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    leftovers: tuple[Leftover, ...] = Field(default=(), max_length=1000)
