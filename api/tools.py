"""Loads what reads conversations: the shipped tagger and redactor, and the key that hashes references."""

from __future__ import annotations

from functools import cache

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.tagger import Tagger, load_tagger
from ingest.hashing import ReferenceHasher
from ingest.tools import Tools
from models.tags import TaggerName


def load_tools(hasher: ReferenceHasher, tagger: TaggerName) -> Tools:
    return Tools(hasher=hasher, tagger=shipped_tagger(tagger), redactor=shipped_redactor())


@cache
def shipped_tagger(name: TaggerName) -> Tagger:
    return load_tagger(name)


@cache
def shipped_redactor() -> Redactor:
    return Redactor.from_folder(REDACTION_WEIGHTS)
