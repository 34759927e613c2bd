"""The tagger: conversations in, tags out, one reading each, NumPy alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.conversations import Head, customer_turns, describe, sigmoid, softmax
from classify.evidence import find_evidence
from classify.features import Floats
from classify.language import UNDETERMINED, WEIGHTS, LanguageModel, read_arrays
from classify.turns import FEATURES, FIRST_FEATURE, NO_REASON, REASONS, TurnModel, TurnScores
from models.errors import BadSetting
from models.taxonomy import LANGUAGES, STEP_OF_REASON, Reason
from models.values import Conversation, FeatureTag, ReasonTag, Tagging

__all__ = ["WEIGHTS", "Tagger"]

TURNS_AT_ONCE = 2000
NOT_BILLING = REASONS.index(Reason.NOT_BILLING)


class Tagger:
    """Reads each conversation by itself, so that the same words get the same tags whatever stands beside them."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], settings: Mapping[str, Any]) -> None:
        """``settings``: version, temperature by language, reasons_from, features_from, uncertain_below, silent."""
        self.version = str(settings["version"])
        self.temperature: dict[str, float] = settings["temperature"]
        self.reasons_from = float(settings["reasons_from"])
        self.features_from = float(settings["features_from"])
        self.uncertain_below = float(settings["uncertain_below"])
        self.turn_model = TurnModel(arrays)
        self.language_model = LanguageModel(arrays)
        self.reason_head = Head(arrays, "reasons", slice(0, NO_REASON))
        self.feature_head = Head(arrays, "features", slice(NO_REASON, None))

    @classmethod
    def from_folder(cls, folder: Path = WEIGHTS) -> Tagger:
        """Read ``tagger.npz`` and ``tagger.json``; raises :class:`BadSetting` if the folder is no tagger's."""
        arrays = read_arrays(folder)
        try:
            return cls(arrays, json.loads((folder / "tagger.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError) as error:
            remedy = "Name a folder that `tydlig train` wrote."
            raise BadSetting("weights", f"{folder} is no stored tagger", remedy) from error

    def tag(self, conversations: Sequence[Conversation]) -> list[Tagging]:
        """Tag each conversation; one for one, in the same order. The cost grows with the number of words."""
        return [tagging for batch in batches(conversations) for tagging in self._tag_batch(batch)]

    def _tag_batch(self, batch: Sequence[Conversation]) -> Iterator[Tagging]:
        scores = self.turn_model.score([turn.text for conversation in batch for turn in conversation.turns])
        first = 0
        for conversation in batch:
            yield self._tag_one(conversation, scores, first)
            first += len(conversation.turns)

    def _tag_one(self, conversation: Conversation, scores: TurnScores, first: int) -> Tagging:
        own = customer_turns(conversation.turns)
        turns = [int(turn) for turn in np.flatnonzero(own)]
        language = self._language(conversation, turns)
        described, certain = describe(scores.turns[first : first + len(own)], own)
        wanted, raised = self.reason_head(described, certain)
        temperature = np.float32(self.temperature.get(language, self.temperature["all"]))
        shares, likely = softmax(wanted / temperature), sigmoid(raised)
        order = np.argsort(-shares, kind="stable")
        if not any(scores.has_words(first + turn) for turn in turns):
            shares, order = np.full_like(shares, 1 / len(shares)), np.array([NOT_BILLING, *order[order != NOT_BILLING]])
        primary, confidence = int(order[0]), rounded(shares[order[0]])
        reasons = [primary, *(r for r in np.argsort(-likely, kind="stable") if self._also(int(r), primary, likely))]
        (judged,) = self.feature_head(described, certain)
        features = [] if primary == NOT_BILLING else self._features(sigmoid(judged), scores, first, turns)
        uncertain = confidence < self.uncertain_below or language == UNDETERMINED
        return Tagging(
            primary=REASONS[primary],
            confidence=confidence,
            reasons=tuple(
                ReasonTag(
                    id=REASONS[reason],
                    confidence=confidence if reason == primary else rounded(likely[reason]),
                    evidence=() if reason == NOT_BILLING else find_evidence(scores, first, turns, int(reason)),
                )
                for reason in reasons
            ),
            features=tuple(features),
            step=STEP_OF_REASON.get(REASONS[primary]),
            language=language,
            uncertain=uncertain,
            runner_up=REASONS[int(order[1])] if uncertain else None,
            probabilities={reason: rounded(share) for reason, share in zip(REASONS, likely, strict=True)},
            model_version=self.version,
        )

    def _language(self, conversation: Conversation, turns: list[int]) -> str:
        if conversation.language in LANGUAGES:
            return conversation.language
        return self.language_model.detect(" ".join(conversation.turns[turn].text for turn in turns))[0]

    def _also(self, reason: int, primary: int, likely: Floats) -> bool:
        """Whether a reason is raised beside the primary one; ``not_billing`` stands alone."""
        return NOT_BILLING not in (reason, primary) and reason != primary and likely[reason] >= self.reasons_from

    def _features(self, likely: Floats, scores: TurnScores, first: int, turns: list[int]) -> list[FeatureTag]:
        return [
            FeatureTag(
                id=FEATURES[feature],
                confidence=rounded(likely[feature]),
                evidence=find_evidence(scores, first, turns, FIRST_FEATURE + int(feature)),
            )
            for feature in np.argsort(-likely, kind="stable")
            if likely[feature] >= self.features_from
        ]


def rounded(probability: np.float32) -> float:
    return round(float(probability), 4)


def batches(conversations: Sequence[Conversation]) -> Iterator[Sequence[Conversation]]:
    """Neighbouring conversations, about ``TURNS_AT_ONCE`` turns together, so that memory stays flat."""
    begin = turns = 0
    for index, conversation in enumerate(conversations):
        turns += len(conversation.turns)
        if turns >= TURNS_AT_ONCE:
            yield conversations[begin : index + 1]
            begin, turns = index + 1, 0
    if begin < len(conversations):
        yield conversations[begin:]
