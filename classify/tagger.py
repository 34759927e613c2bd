"""Conversations in, tags out, one reading each: three taggers of one shape, chosen by name.

``fast`` reads words, ``full`` reads with the encoder as well, ``cascade`` lets the full one read only where the fast
one is unsure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from classify.conversations import customer_turns, sigmoid, softmax
from classify.judging import Judged
from classify.language import UNDETERMINED, LanguageModel
from classify.turns import FEATURES, FIRST_FEATURE, REASONS
from classify.words import Floats
from models.errors import BadSetting
from models.speech import Contact
from models.tags import FeatureTag, ReasonTag, TaggerName, Tagging
from models.taxonomy import LANGUAGES, STEP_OF_REASON, Reason

WEIGHTS = Path(__file__).parent / "weights" / "tagger"
TURNS_AT_ONCE = 2000
NOT_BILLING = REASONS.index(Reason.NOT_BILLING)


class Tagger(Protocol):
    """Reads each conversation by itself, so that the same words get the same tags whatever stands beside them."""

    version: str

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        """Tag each conversation; one for one, in the same order. The cost grows with the number of words."""


class Model(Protocol):
    def judge(self, conversations: Sequence[Contact]) -> Judged: ...


class ModelTagger:
    """A model with thresholds and temperatures."""

    def __init__(self, model: Model, languages: LanguageModel, settings: Mapping[str, Any]) -> None:
        """``settings``: version, temperature by language, reasons_from, features_from, uncertain_below."""
        self.model, self.languages = model, languages
        self.version = str(settings["version"])
        self.temperature: dict[str, float] = settings["temperature"]
        self.reasons_from = float(settings["reasons_from"])
        self.features_from = float(settings["features_from"])
        self.uncertain_below = float(settings["uncertain_below"])

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        return [tagging for batch in batches(conversations) for tagging in self._tag_batch(batch)]

    def _tag_batch(self, batch: Sequence[Contact]) -> Iterator[Tagging]:
        judged = self.model.judge(batch)
        languages = [self._language(conversation) for conversation in batch]
        usual = self.temperature["all"]
        temperature = np.array([self.temperature.get(language, usual) for language in languages], dtype=np.float32)
        shares = softmax(judged.primary / temperature[:, None])
        # Who said nothing that can be read may want anything; that it is about no bill is the usual case.
        shares[judged.silent] = 1 / shares.shape[1]
        order = np.argsort(-shares, axis=1, kind="stable")
        order[judged.silent] = np.roll(np.arange(len(REASONS)), -NOT_BILLING)
        first, second = order[:, 0].tolist(), order[:, 1].tolist()
        for index, (language, own, likely, meant) in enumerate(
            zip(
                languages,
                rounded(shares),
                rounded(sigmoid(judged.reasons)),
                rounded(sigmoid(judged.features)),
                strict=True,
            )
        ):
            primary = first[index]
            confidence = own[primary]
            uncertain = confidence < self.uncertain_below or language == UNDETERMINED
            yield Tagging(
                primary=REASONS[primary],
                confidence=confidence,
                reasons=tuple(self._reasons(judged, index, primary, confidence, likely)),
                features=() if primary == NOT_BILLING else tuple(self._features(judged, index, meant)),
                step=STEP_OF_REASON.get(REASONS[primary]),
                language=language,
                uncertain=uncertain,
                runner_up=REASONS[second[index]] if uncertain else None,
                probabilities=dict(zip(REASONS, likely, strict=True)),
                model_version=self.version,
            )

    def _language(self, conversation: Contact) -> str:
        if conversation.language in LANGUAGES:
            return conversation.language
        own = customer_turns(conversation.turns)
        said = " ".join(turn.text for turn, mine in zip(conversation.turns, own, strict=True) if mine)
        return self.languages.detect(said)[0]

    def _reasons(
        self, judged: Judged, index: int, primary: int, confidence: float, likely: list[float]
    ) -> Iterator[ReasonTag]:
        """The primary reason, then the others raised, likeliest first; ``not_billing`` stands alone."""
        if primary == NOT_BILLING:
            yield ReasonTag(id=Reason.NOT_BILLING, confidence=confidence)
            return
        yield ReasonTag(id=REASONS[primary], confidence=confidence, evidence=judged.evidence(index, primary))
        for reason in likeliest(likely, self.reasons_from):
            if reason not in (primary, NOT_BILLING):
                evidence = judged.evidence(index, reason)
                yield ReasonTag(id=REASONS[reason], confidence=likely[reason], evidence=evidence)

    def _features(self, judged: Judged, index: int, likely: list[float]) -> Iterator[FeatureTag]:
        for feature in likeliest(likely, self.features_from):
            evidence = judged.evidence(index, FIRST_FEATURE + feature)
            yield FeatureTag(id=FEATURES[feature], confidence=likely[feature], evidence=evidence)


def likeliest(likely: list[float], threshold: float) -> list[int]:
    """Places of all that reach the threshold, likeliest first."""
    enough = [place for place, probability in enumerate(likely) if probability >= threshold]
    return sorted(enough, key=likely.__getitem__, reverse=True)


def rounded(probabilities: Floats) -> list[list[float]]:
    """To four decimals: beyond them the last bits of float32 would show."""
    rows: list[list[float]] = np.round(probabilities.astype(np.float64), 4).tolist()
    return rows


def batches(conversations: Sequence[Contact]) -> Iterator[Sequence[Contact]]:
    """Neighbouring conversations, about ``TURNS_AT_ONCE`` turns together, so that memory stays flat."""
    begin = turns = 0
    for index, conversation in enumerate(conversations):
        turns += len(conversation.turns)
        if turns >= TURNS_AT_ONCE:
            yield conversations[begin : index + 1]
            begin, turns = index + 1, 0
    if begin < len(conversations):
        yield conversations[begin:]


def read_settings(folder: Path, name: str = "tagger.json") -> dict[str, Any]:
    """Raises :class:`BadSetting` if the folder is no tagger's."""
    try:
        settings: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetting(
            "weights", f"{folder} is no stored tagger", "Name a folder that `tydlig train` wrote."
        ) from error
    return settings


def load_tagger(name: TaggerName = "cascade", folder: Path = WEIGHTS) -> Tagger:
    """The tagger of that name out of ``folder``; raises :class:`BadSetting` if the folder holds none.

    What the name does not need is not loaded: the fast tagger needs no torch.
    """
    from classify.fast import load_fast

    fast = load_fast(folder / "fast")
    if name == "fast":
        return fast

    def make_full() -> Tagger:
        from classify.full import load_full

        return load_full(folder / "full", fast)

    if name == "full":
        return make_full()
    from classify.cascade import Cascade

    settings = read_settings(folder, "cascade.json")
    return Cascade(**settings, fast=fast, make_full=make_full)
