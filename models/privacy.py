"""Classes of data with their days, and the shapes that tell what was purged, erased and reviewed."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import AwareDatetime, Field

from models.figures import Ratio
from models.speech import Speaker
from models.tags import Probability
from models.values import PiiKind, Value


class DataClass(StrEnum):
    """What is kept for a time of its own; what is in no class holds nobody's data.

    ``words``: a conversation's turns, quotes and redactions. ``numbers``: the hashes that lead from a conversation to
    a customer or an invoice, and the id that it came with. ``invoices``: hashes and lines of invoices, and the
    references of payments.
    """

    WORDS = "words"
    NUMBERS = "numbers"
    INVOICES = "invoices"


DEFAULT_DAYS = MappingProxyType({DataClass.WORDS: 365, DataClass.NUMBERS: 365, DataClass.INVOICES: 730})
"""A year of words lets a month be read beside the same month a year before; invoices stay until the last reminder,
payment and complaint about them has come in. No longer than the purpose needs: GDPR Art. 5(1)(e)."""

MAX_DAYS = 36_500


class Retention(Value):
    """How many days a class of data is kept; ``None`` keeps it until it is erased."""

    data_class: DataClass
    days: int | None = Field(ge=0, le=MAX_DAYS)
    is_default: bool


class Purged(Value):
    """What a purge took from one class: conversations, or invoices and payments.

    ``finished_at`` is missing while the places on the disk are still to be overwritten, which the next purge does.
    """

    data_class: DataClass
    days: int
    rows: int
    finished_at: AwareDatetime | None


class Erasure(Value):
    """What was erased on request, without a word about whose it was; ``finished_at`` as in a purge."""

    id: int
    subject: Literal["customer", "conversation"]
    door: str
    conversations: int
    invoices: int
    payments: int
    started_at: AwareDatetime
    finished_at: AwareDatetime | None


class StoredRedaction(Value):
    """A placeholder, ``text[start:end]`` of its turn, with what stood there by kind, how sure that is, and why."""

    kind: PiiKind
    start: int
    end: int
    score: Probability
    because: str


class RedactedTurn(Value):
    position: int
    speaker: Speaker
    text: str
    redactions: tuple[StoredRedaction, ...]


class ReviewItem(Value):
    """A conversation to look through for personal data that was left in it."""

    conversation_id: int
    language: str
    turns: tuple[RedactedTurn, ...]


class Leftover(Value):
    """Personal data that a reviewer found: ``text[start:end]`` of a turn."""

    turn: int = Field(ge=0)
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    kind: PiiKind


class ReviewFigures(Value):
    """How many turns people looked through, in how many something was left, and by kind how much."""

    conversations: int
    turns_with_leftovers: Ratio
    by_kind: dict[PiiKind, int]
