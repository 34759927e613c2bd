"""The fast tagger reads everything, the full one what the fast one is unsure of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from classify.tagger import Tagger
from models.speech import Contact
from models.tags import Tagging


class Cascade:
    """``ask_below``: the fast tagger's confidence below which the full one, made when it is first needed, is asked.

    Each tag names the tagger that gave it.
    """

    def __init__(self, version: str, fast: Tagger, make_full: Callable[[], Tagger], ask_below: float) -> None:
        self.version, self.fast, self.make_full, self.ask_below = version, fast, make_full, ask_below

    @cached_property
    def full(self) -> Tagger:
        return self.make_full()

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        tags = self.fast.tag(conversations)
        unsure = [place for place, tagging in enumerate(tags) if tagging.confidence < self.ask_below]
        if unsure:
            for place, tagging in zip(unsure, self.full.tag([conversations[i] for i in unsure]), strict=True):
                tags[place] = tagging
        return tags
