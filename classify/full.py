"""The full model: reads a conversation with an encoder and says what it is about, and which words show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from classify.blend import Blend
from classify.conversations import customer_turns, sigmoid
from classify.encoder import RAISED, Network, load
from classify.evidence import evidence_of, heaviest, shown_first
from classify.judging import Judged
from classify.tagger import ModelTagger, read_settings
from classify.turns import COLUMN_NAMES, FEATURES, REASONS
from classify.windows import END, SPEAKERS, UNKNOWN, Spoken, collate
from classify.words import Floats, tells
from models.errors import BadSetting
from models.speech import Contact, Said
from models.tags import Evidence

# No conversation that the model learnt from was longer. Of longer ones it reads the turns that weigh most once more.
FAMILIAR_TOKENS = 320
INNER = r"[^\s.,:;!?…\"'“”’»«()]"
WORD = re.compile(rf"{INNER}(?:\S*{INNER})?")  # what stands between spaces, without the punctuation around it

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """One conversation as read. ``turns``: which turns, counted in the conversation; ``heard``: the customer's of them;
    ``logits``: (turns, 47); ``shares``: a turn's tokens' shares of its logits, (tokens, 47), and ``spans`` where these
    tokens stand in its text."""

    turns: list[int]
    heard: list[bool]
    logits: Floats
    shares: list[Floats]
    spans: list[list[Span]]
    labels: Floats
    primary: Floats


class EncoderModel:
    """Reads each conversation by itself, so that the same words are judged the same whatever stands beside them:
    sums over a batch would differ in their last bits with its shape."""

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        self.network, self.tokenizer = network, tokenizer

    @classmethod
    def from_folder(cls, folder: Path) -> EncoderModel:
        """Read what :func:`classify.encoder.save` wrote; raises :class:`BadSetting` if the folder holds no model."""
        try:
            return cls(*load(folder))
        except Exception as error:  # tokenizers raises nothing narrower
            remedy = "Name a folder that `tydlig train` wrote."
            raise BadSetting("weights", f"{folder} is no stored encoder", remedy) from error

    def judge(self, conversations: Sequence[Contact]) -> Judged:
        """Judge each conversation; one for one, in the same order. What evidence needs is kept: about 40 kB for a
        conversation of 200 words."""
        readings = [self.read(conversation.turns) for conversation in conversations]
        raised = len(RAISED)
        labels = stacked([reading.labels for reading in readings], raised + len(FEATURES))
        primary = stacked([reading.primary for reading in readings], len(REASONS))
        reasons = np.hstack([labels[:, :raised], logit_of_last(primary)])

        def evidence(asked: Sequence[tuple[int, int]]) -> list[tuple[Evidence, ...]]:
            return [find_evidence(readings[place], conversations[place].turns, column) for place, column in asked]

        silent = np.array([is_silent(conversation.turns) for conversation in conversations], dtype=bool)
        return Judged(primary, reasons, labels[:, raised:], silent, evidence)

    @torch.inference_mode()
    def read(self, turns: Sequence[Said]) -> Reading:
        spoken, spans = read_turns(self.tokenizer, turns)
        chosen = list(range(len(turns)))
        if 1 + sum(len(turn.ids) + 1 for turn in spoken) > FAMILIAR_TOKENS:
            chosen = weightiest(self._read(chosen, spoken, spans))
        return self._read(chosen, spoken, spans)

    def _read(self, chosen: list[int], spoken: Sequence[Spoken], spans: Sequence[list[Span]]) -> Reading:
        batch = collate([[spoken[turn] for turn in chosen]], self.network.config.positions)
        hidden = self.network.read(batch)
        output = self.network.judge(hidden, batch)
        shares = self.network.token_shares(hidden, batch).numpy()
        ends = np.cumsum([len(spoken[turn].ids) for turn in chosen])
        return Reading(
            chosen,
            [spoken[turn].heard for turn in chosen],
            output.turns.numpy(),
            np.split(shares, ends[:-1]),
            [spans[turn] for turn in chosen],
            output.labels[0].numpy(),
            output.primary[0].numpy(),
        )


def read_turns(tokenizer: Tokenizer, turns: Sequence[Said]) -> tuple[list[Spoken], list[list[Span]]]:
    """Each turn as the network reads it, and where in its text each token stands."""
    encodings = tokenizer.encode_batch([turn.text for turn in turns], add_special_tokens=False)
    # A text may spell a mark, "</s>"; as a mark it must not be read.
    spoken = [
        Spoken([i if i > END else UNKNOWN for i in encoding.ids], SPEAKERS[turn.speaker], own)
        for turn, encoding, own in zip(turns, encodings, customer_turns(turns).tolist(), strict=True)
    ]
    return spoken, [encoding.offsets for encoding in encodings]


def load_full(folder: Path, fast: ModelTagger) -> ModelTagger:
    """The full tagger: ``fast`` and the encoder in ``folder`` together, weighed as ``tagger.json`` there says; raises
    :class:`BadSetting` if the folder holds none."""
    settings = read_settings(folder)
    model = Blend(fast.model, EncoderModel.from_folder(folder), settings["weights"])
    return ModelTagger(model, fast.languages, settings)


def weightiest(reading: Reading) -> list[int]:
    """The customer's turns that show something most surely, each with the turns beside it, as many as are familiar."""
    order = np.argsort(-np.where(reading.heard, reading.logits.max(axis=1), -np.inf), kind="stable")
    chosen: set[int] = set()
    room = FAMILIAR_TOKENS - 1
    for turn in order.tolist():
        beside = [near for near in (turn, turn - 1, turn + 1) if 0 <= near < len(order) and near not in chosen]
        size = sum(len(reading.spans[near]) + 1 for near in beside)
        if chosen and size > room:
            break
        chosen.update(beside)
        room -= size
    return sorted(chosen)


def is_silent(turns: Sequence[Said]) -> bool:
    """Whether no turn of the customer's holds a letter or a number."""
    return not any(own and tells(turn.text) for turn, own in zip(turns, customer_turns(turns), strict=True))


def stacked(rows: Sequence[Floats], width: int) -> Floats:
    return np.array(rows, dtype=np.float32).reshape(-1, width)


def logit_of_last(logits: Floats) -> Floats:
    """(n, 1): the logit of the last column's share in the softmax of ``logits``."""
    others, last = logits[:, :-1], logits[:, -1:]
    top = others.max(axis=1, keepdims=True, initial=-np.inf)
    rest: Floats = top + np.log(np.exp(others - top).sum(axis=1, keepdims=True))
    return last - rest


def find_evidence(reading: Reading, turns: Sequence[Said], column: int) -> tuple[Evidence, ...]:
    """The turns that show a column's tag most, best first: always the best, others where they are likelier than not.
    What is about no invoice is shown by no turn."""
    label = label_of(column)
    if label is None:
        return ()
    said = [place for place, own in enumerate(reading.heard) if own and reading.spans[place]]
    strength = sigmoid(reading.logits[said, label])
    found = []
    for rank in shown_first(strength, np.zeros(len(said), dtype=np.int64)).tolist():
        turn, spans = reading.turns[said[rank]], reading.spans[said[rank]]
        words = words_that_show(turns[turn].text, reading.shares[said[rank]][:, label], spans)
        found.append(evidence_of(turn, words, float(strength[rank]), column))
    return tuple(found)


def label_of(column: int) -> int | None:
    """Where a column of ``COLUMN_NAMES`` stands among a turn's labels."""
    first_feature = len(COLUMN_NAMES) - len(FEATURES)
    if column >= first_feature:
        return len(RAISED) + column - first_feature
    return column if column < len(RAISED) else None


def words_that_show(text: str, shares: Floats, spans: Sequence[Span]) -> Span:
    """The run of tokens whose shares stand out most together, above the turn's median, as whole words of ``text``."""
    (first,), (last,) = heaviest((shares - np.median(shares))[None])
    return whole_words(text, spans[first][0], spans[last][1])


def whole_words(text: str, start: int, end: int) -> Span:
    """``[start, end)`` as the words that it touches, or the word nearest to it; all of a text without words."""
    words = [match.span() for match in WORD.finditer(text)] or [(0, len(text))]
    touched = [word for word in words if word[0] < end and word[1] > start]
    touched = touched or [min(words, key=lambda word: abs(word[0] - start))]
    return touched[0][0], touched[-1][1]
