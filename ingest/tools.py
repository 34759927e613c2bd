"""What an import works with, as arguments: the models and the key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.hashing import ReferenceHasher
from models.tags import Tagging
from models.values import Conversation, Redacted


class Tags(Protocol):
    """Reads redacted conversations: one tagging each, in order."""

    def tag(self, conversations: Sequence[Conversation], /) -> list[Tagging]: ...


class Redacts(Protocol):
    """Takes personal data out of conversations: one answer each, in order."""

    def redact_many(self, conversations: Sequence[Conversation], /) -> list[Redacted]: ...


@dataclass(frozen=True)
class Tools:
    tagger: Tags
    redactor: Redacts
    hasher: ReferenceHasher
