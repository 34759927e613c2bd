"""The trained recogniser of names, addresses and numbers: a small convolutional tagger (spaCy) over conversations.

It reads turns in a row with a mark for who speaks, for a name is often told by the question before it or by opening a
call. Words reach it without case, digits as zeros, and with what the name lists know of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classify.redaction.names import has_street_ending
from classify.redaction.spoken import digits_of
from classify.redaction.wordlists import given_names, ordinary_words, plain_words, surnames
from models.errors import BadInput
from models.values import PiiFind, PiiKind, Turn

if TYPE_CHECKING:  # spaCy takes a second to import: only those who load a recogniser pay for it
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+|[^\w\s]|_")
_DIGIT = re.compile(r"\d")
MOST_TOKENS = 300
BATCH = 64  # blocks read at once
NOTHING = "O"
# Below one half, for a name left standing is worse than an ordinary word hidden.
THRESHOLD = 0.35
RECOGNISED = "reads like one here"
_FINNISH_CASES = ("lle", "lla", "llä", "lta", "ltä", "sta", "stä", "ssa", "ssä", "n", "a", "ä")


class Token(NamedTuple):
    """One word as the recogniser reads it; ``turn`` is -1 for the marks between turns."""

    word: str
    turn: int
    start: int
    end: int


def blocks(turns: Sequence[Turn]) -> Iterator[list[Token]]:
    """A conversation as runs of at most ``MOST_TOKENS`` tokens, cut between turns where possible."""
    block: list[Token] = []
    for index, turn in enumerate(turns):
        tokens = [Token(m.group(), index, m.start(), m.end()) for m in TOKEN.finditer(turn.text)]
        if block and len(block) + len(tokens) >= MOST_TOKENS:
            yield block
            block = []
        for first in range(0, max(1, len(tokens)), MOST_TOKENS - 1):
            piece = tokens[first : first + MOST_TOKENS - 1]
            if first and block:
                yield block
                block = []
            block = [*block, Token(f"<{turn.speaker.value}>", -1, 0, 0), *piece]
    if block:
        yield block


class _NoTorch:
    """Hides torch from imports of the thread that made this; other threads find it all the while."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Part of Python's import protocol: ``None`` leaves a module to the other finders."""
        if name == "torch" and get_ident() == self._thread:
            raise ModuleNotFoundError("spaCy is to be imported without torch", name=name)


def _import_spacy_without_torch() -> None:
    """Where torch is installed spaCy loads it, which takes longer than all else; the recogniser runs without it.

    Torch can be imported before and after, and in another thread meanwhile.
    """
    finder = _NoTorch()
    sys.meta_path.insert(0, finder)
    try:
        import spacy  # noqa: F401 (imported for what it registers)
    finally:
        sys.meta_path.remove(finder)


@lru_cache(maxsize=1)
def new_vocabulary() -> Vocab:
    """Vocabulary whose words carry the features that the recogniser sees."""
    _import_spacy_without_torch()
    from spacy.attrs import LOWER, NORM, PREFIX, SHAPE, SUFFIX
    from spacy.vocab import Vocab

    return Vocab(
        lex_attr_getters={
            LOWER: str.lower,
            NORM: _norm,
            PREFIX: lambda word: _norm(word)[:3],
            SUFFIX: lambda word: _norm(word)[-4:],
            SHAPE: word_class,
        }
    )


def _norm(word: str) -> str:
    return _DIGIT.sub("0", word.lower())


@lru_cache(maxsize=20_000)
def word_class(word: str) -> str:
    """How a word is written, and which lists know it."""
    lower = word.lower()
    if not lower[:1].isalpha():
        return f"digits{min(len(lower), 9)}" if lower.isdigit() else "mark"
    case = "upper" if word.isupper() and len(word) > 1 else "title" if word[0].isupper() else "lower"
    lists = "".join(
        mark
        for mark, belongs in (
            ("o", lower in ordinary_words()),
            ("g", _listed(lower, given_names())),
            ("s", _listed(lower, surnames())),
            ("a", has_street_ending(lower)),
            ("n", digits_of(lower, None) is not None),
        )
        if belongs
    )
    return f"{case}-{lists or min(len(lower), 5)}"


def _listed(word: str, names: frozenset[str]) -> bool:
    """Coarser than the rules' lists, and apart from them: what a word looks like here is part of what was learnt."""
    if word in names:
        return True
    if word in plain_words():
        return False
    if "-" in word:
        return word.split("-", maxsplit=1)[0] in names
    if word.removesuffix("s").rstrip("'’") in names:
        return True
    return any(
        word.endswith(case) and len(word) > len(case) + 3 and word[: -len(case)] in names for case in _FINNISH_CASES
    )


def as_doc(vocabulary: Vocab, words: Sequence[str], labels: Sequence[str] | None = None) -> Doc:
    """Words as the recogniser's input, for training with a label each."""
    from spacy.tokens import Doc

    return Doc(vocabulary, words=list(words), tags=list(labels) if labels else None)


def new_pipeline() -> Language:
    """An untrained recogniser."""
    _import_spacy_without_torch()
    from spacy.language import Language

    pipeline = Language(new_vocabulary())
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 96,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "rows": [8000, 3000, 6000, 500],
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 96,
        "window_size": 1,
        "maxout_pieces": 3,
        "depth": 5,
    }
    tok2vec = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    model = {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": True, "tok2vec": tok2vec}
    pipeline.add_pipe("tagger", config={"model": model})
    return pipeline


class Recogniser:
    """A trained pipeline, and how to ask it about conversations."""

    def __init__(self, pipeline: Language, threshold: float = THRESHOLD) -> None:
        self._vocabulary, self._zone, self._threshold = pipeline.vocab, pipeline.memory_zone, threshold
        tagger = pipeline.get_pipe("tagger")
        self._labels: Sequence[str] = tagger.labels  # type: ignore[attr-defined]  # spaCy types pipes as bare callables
        self._model = tagger.model  # type: ignore[attr-defined]  # the same

    @classmethod
    def from_folder(cls, folder: Path) -> Recogniser:
        """Recogniser saved by training. Raises BadInput where the folder holds none."""
        pipeline = new_pipeline()
        try:
            pipeline.get_pipe("tagger").from_disk(folder / "tagger", exclude=["vocab"])  # type: ignore[attr-defined]  # a bare callable to spaCy
        except (OSError, ValueError, KeyError) as error:
            raise BadInput(
                str(folder), "holds no trained recogniser", "Run `tydlig train` or restore the shipped weights."
            ) from error
        return cls(pipeline)

    def find(self, conversations: Iterable[Sequence[Turn]]) -> list[list[PiiFind]]:
        """Finds in each conversation, in order of place."""
        found: list[list[PiiFind]] = []
        work: list[tuple[list[PiiFind], list[Token]]] = []
        for turns in conversations:
            found.append([])
            work += [(found[-1], block) for block in blocks(turns)]
        for first in range(0, len(work), BATCH):
            batch = work[first : first + BATCH]
            with self._zone():  # or each word ever read would stay in the vocabulary
                docs = [as_doc(self._vocabulary, [token.word for token in block]) for _, block in batch]
                for (finds, block), scores in zip(batch, self._model.predict(docs), strict=True):
                    finds.extend(self._spans(block, scores))
        return found

    def _spans(self, tokens: Sequence[Token], scores: NDArray[np.float32]) -> list[PiiFind]:
        """Runs of tokens that are personal data with the threshold's probability; ``scores``: tokens × labels."""
        nothing = self._labels.index(NOTHING)
        private = 1 - scores[:, nothing]
        kinds = scores.copy()
        kinds[:, nothing] = 0
        best = kinds.argmax(axis=1)
        finds: list[PiiFind] = []
        last = -2
        for i in np.flatnonzero(private >= self._threshold).tolist():
            token = tokens[i]
            if token.turn < 0:
                continue
            kind, score = PiiKind(self._labels[best[i]]), float(min(private[i], 1.0))
            previous = (
                finds[-1]
                if finds and i == last + 1 and finds[-1].turn == token.turn and finds[-1].kind is kind
                else None
            )
            if previous is None:
                finds.append(
                    PiiFind(
                        kind=kind, turn=token.turn, start=token.start, end=token.end, score=score, because=RECOGNISED
                    )
                )
            else:
                finds[-1] = previous.model_copy(update={"end": token.end, "score": max(score, previous.score)})
            last = i
        return finds
