"""Who says what, and how much of it a tagger reads: shapes without the library that checks values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

LONGEST_ID = 200  # characters of a conversation's id


class Speaker(StrEnum):
    """Who said a turn; ``unknown`` where a recogniser gave no roles, ``system`` for bots and menus."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the customer got in touch."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    UNKNOWN = "unknown"


class Said(Protocol):
    """What a tagger reads of a turn."""

    @property
    def speaker(self) -> Speaker: ...

    @property
    def text(self) -> str: ...


class Contact(Protocol):
    """What a tagger reads of a conversation; it has a turn at least."""

    @property
    def id(self) -> str: ...

    @property
    def turns(self) -> Sequence[Said]: ...

    @property
    def language(self) -> str | None: ...
