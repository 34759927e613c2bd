"""The fast tagger reads everything, the full one what the fast one is unsure of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from classify.tagger import Tagger
from models.speech import Contact
from models.tags import Tagging

SHORT = 300  # characters of a chat message, with room to spare; an e-mail takes as long to read as a call


class Cascade:
    """``ask_below``: the fast tagger's confidence below which the full one, made when it is first needed, is asked.
    Of a single short message, which costs the full one little, it is asked below ``ask_of_message_below``.

    Each tag names the tagger that gave it.
    """

    def __init__(
        self,
        version: str,
        fast: Tagger,
        make_full: Callable[[], Tagger],
        ask_below: float,
        ask_of_message_below: float,
    ) -> None:
        self.version, self.fast, self.make_full = version, fast, make_full
        self.ask_below, self.ask_of_message_below = ask_below, ask_of_message_below

    @cached_property
    def full(self) -> Tagger:
        return self.make_full()

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        tags = self.fast.tag(conversations)
        below = [self.ask_of_message_below if is_short(said) else self.ask_below for said in conversations]
        unsure = [place for place, tagging in enumerate(tags) if tagging.confidence < below[place]]
        if unsure:
            for place, tagging in zip(unsure, self.full.tag([conversations[i] for i in unsure]), strict=True):
                tags[place] = tagging
        return tags


def is_short(said: Contact) -> bool:
    return len(said.turns) == 1 and len(said.turns[0].text) <= SHORT
