"""From turns to the conversation: what is raised at all, and what the customer got in touch for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classify.turns import FIRST_FEATURE, NO_REASON
from classify.words import Floats, Ints
from models.speech import Said, Speaker

OTHERS = (Speaker.AGENT, Speaker.SYSTEM)
SILENT = np.float32(-1.2)  # the score of a turn that says nothing of a tag, where there is no turn to score
STRONGEST = 5  # a call of three hours holds no more reasons than a short one, only more small talk
LONG = 20
SIDE_BY_SIDE = 4000  # turns, or tokens, laid out together, so that memory stays flat
SHARPNESS = 4.0  # a turn's scores lie within ±1; softmax needs them wider


def customer_turns(turns: Sequence[Said]) -> NDArray[np.bool_]:
    """Which turns may be the customer's: all that are not known to be the agent's; all where none else is left."""
    return customers([turns])[0]


def customers(conversations: Sequence[Sequence[Said]]) -> tuple[NDArray[np.bool_], Ints]:
    """:func:`customer_turns` of conversations, one after the other, and how many turns each of them has."""
    counts = np.fromiter(map(len, conversations), dtype=np.int64, count=len(conversations))
    own = np.array([turn.speaker not in OTHERS for turns in conversations for turn in turns], dtype=bool)
    conversation = np.repeat(np.arange(len(counts)), counts)
    nobody = np.bincount(conversation[own], minlength=len(counts)) == 0
    return own | nobody[conversation], counts


def softmax(scores: Floats) -> Floats:
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return shares


def sigmoid(scores: Floats) -> Floats:
    bounded = np.maximum(scores, np.float32(-80))  # beyond it the exponential overflows, and the share is 0 anyway
    shares: Floats = np.float32(1) / (np.float32(1) + np.exp(-bounded))
    return shares


def certainty(scores: Floats) -> Floats:
    """How surely each turn shows each reason (its share among all reasons and none) and each feature (by itself)."""
    reasons = softmax(SHARPNESS * scores[:, :FIRST_FEATURE])[:, :NO_REASON]
    return np.hstack([reasons, sigmoid(SHARPNESS * scores[:, FIRST_FEATURE:])])


class Described(NamedTuple):
    """Conversations tag by tag; tags are the reasons followed by the features."""

    tags: Floats  # (conversations, tags, 18): how strong, how often, how early, what stands around it, all the words
    certain: Floats  # (conversations, 2 × tags): peak certainty alone, and how sure all the words together are


class Side(NamedTuple):
    """The turns of one side of each conversation, beside each other; missing ones weigh nothing."""

    scores: Floats  # (conversations, turns, tags), −∞ where there is no turn
    shares: Floats  # (conversations, turns, tags), 0 where there is no turn
    rows: Ints  # (conversations, turns): the turn's row, 0 where there is none
    size: Ints  # (conversations,): how many turns


def lay_out(scores: Floats, shares: Floats, chosen: NDArray[np.bool_], conversation: Ints, n: int) -> Side:
    """Lay the chosen rows out by conversation."""
    rows = np.flatnonzero(chosen)
    of = conversation[rows]
    count = np.bincount(of, minlength=n)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    shape = (n, int(count.max(initial=1)), scores.shape[1])
    wide, high = np.full(shape, -np.inf, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    wide[of, place], high[of, place] = scores[rows], shares[rows]
    where = np.zeros(shape[:2], dtype=np.int64)
    where[of, place] = rows
    return Side(wide, high, where, count)


def of_like_length(counts: Ints, at_most: int = SIDE_BY_SIDE) -> Iterator[Ints]:
    """Places of things with about as many parts, fewest first, in groups that laid out side by side, as long as the
    longest each, have at most so many parts. One that alone has more is a group."""
    order = np.argsort(counts, kind="stable")
    sizes = counts[order].tolist()
    begin = 0
    for end in range(1, len(sizes) + 1):
        if end == len(sizes) or (end + 1 - begin) * sizes[end] > at_most:
            yield order[begin:end]
            begin = end


def top(values: Floats) -> Floats:
    """The ``STRONGEST`` highest turns of each conversation for each tag, or all of fewer: (conversations, turns, tags),
    highest first. Turn by turn for all conversations at once: sorting each by itself takes longer."""
    conversations, turns, tags = values.shape
    highest = np.full((min(turns, STRONGEST), conversations, tags), -np.inf, dtype=np.float32)
    for turn in range(turns):
        lower = values[:, turn]
        for place in range(min(turn + 1, STRONGEST)):
            highest[place], lower = np.maximum(highest[place], lower), np.minimum(highest[place], lower)
    return highest.transpose(1, 0, 2)


def describe(scores: Floats, own: NDArray[np.bool_], counts: Ints, whole: Floats) -> Described:
    """Describe conversations that stand one after the other.

    ``scores`` is (turns, columns), ``own`` says which turns are the customer's, ``counts`` how many turns each
    conversation has, ``whole`` is (conversations, tags). What one conversation gets does not depend on the others.
    """
    n = len(counts)
    conversation = np.repeat(np.arange(n), counts)
    tags, share = np.delete(scores, NO_REASON, axis=1), certainty(scores)
    mine = lay_out(tags, share, own, conversation, n)
    other = lay_out(tags, share, ~own, conversation, n)
    strongest, surest = top(mine.scores), top(mine.shares)
    peak, best = strongest[:, 0], mine.scores.argmax(axis=1)
    last = np.maximum(mine.size - 1, 1)[:, None]
    some = np.minimum(mine.size, STRONGEST)[:, None].astype(np.float32)
    early = 2 * np.arange(mine.rows.shape[1]) < last
    spot = mine.rows[np.arange(n)[:, None], best]
    before, after = neighbours(tags, conversation, spot)
    second = strongest[:, 1] if strongest.shape[1] > 1 else peak
    described = [
        peak,
        np.where(mine.size[:, None] > 1, second, SILENT),
        np.log(np.exp(SHARPNESS * (strongest - peak[:, None])).sum(axis=1)) / SHARPNESS + peak,
        np.where(np.isfinite(strongest), strongest, 0).sum(axis=1) / some,
        surest[:, 0],
        surest.sum(axis=1),
        mine.scores[:, 0],
        mine.scores[np.arange(n), mine.size - 1],
        np.where(other.size[:, None] > 0, other.scores.max(axis=1), SILENT),
        top(other.shares).sum(axis=1),
        best / last,
        margins(peak),
        after,
        before,
        top(np.where(early[..., None], mine.shares, 0)).sum(axis=1),
        np.broadcast_to(np.log(np.minimum(mine.size, LONG))[:, None], peak.shape),
        whole,
        margins(whole),
    ]
    certain = np.hstack([surest[:, 0], sigmoid(SHARPNESS * whole)])
    return Described(np.stack(described, axis=2, dtype=np.float32, casting="same_kind"), certain)


def neighbours(tags: Floats, conversation: Ints, spot: Ints) -> tuple[Floats, Floats]:
    """Each tag's score in the turns before and after ``spot`` (conversations, tags), whoever said them."""
    silent = np.vstack([tags, np.full((1, tags.shape[1]), SILENT)])
    same = conversation[1:] == conversation[:-1]
    rows, nobody = np.arange(len(tags)), len(tags)
    before = np.where(np.append(False, same), rows - 1, nobody)[spot]
    after = np.where(np.append(same, False), rows + 1, nobody)[spot]
    columns = np.arange(tags.shape[1])
    return silent[before, columns], silent[after, columns]


def margins(scores: Floats) -> Floats:
    """How far each reason stands above the highest of the other reasons, and each feature above the other features."""
    return np.hstack([margin(scores[:, :NO_REASON]), margin(scores[:, NO_REASON:])])


def margin(peaks: Floats) -> Floats:
    """How far each peak stands above the highest of the others."""
    highest = np.partition(peaks, -2, axis=1)
    first, second = highest[:, -1:], highest[:, -2:-1]
    above: Floats = peaks - np.where(peaks == first, second, first)
    return above


class Head:
    """A small network that all tags share, plus what each tag says about each other tag.

    Arrays: ``mean, scale`` (18,), ``hidden`` (18, h), ``hidden_bias`` (h,), ``out`` (h, o), ``bias`` (tags, o),
    ``between`` (o, 2 × all tags, tags). ``tags`` picks the tags it judges.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], prefix: str, tags: slice) -> None:
        self.tags = tags
        names = ("mean", "scale", "hidden", "hidden_bias", "out", "bias", "between")
        parts = [arrays[f"{prefix}.{name}"].astype(np.float32) for name in names]
        self.mean, self.scale, self.hidden, self.hidden_bias, self.out, self.bias, self.between = parts

    def __call__(self, described: Described) -> Floats:
        """Judge conversations. Returns (o, conversations, tags)."""
        inner = np.tanh((described.tags[:, self.tags] - self.mean) / self.scale @ self.hidden + self.hidden_bias)
        judged: Floats = (inner @ self.out + self.bias).transpose(2, 0, 1) + described.certain @ self.between
        return judged
