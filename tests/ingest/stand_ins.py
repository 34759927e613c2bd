"""Small, plain and real stand-ins for the models."""

from __future__ import annotations

from collections.abc import Sequence

from models.tags import Evidence, FeatureTag, ReasonTag, Tagging
from models.taxonomy import Feature, Reason
from models.values import Conversation, PiiFind, PiiKind, Redacted, SaidReference

WORDS = {
    "reminder": Reason.REMINDER_RECEIVED,
    "collection": Reason.DEBT_COLLECTION,
    "due": Reason.DUE_DATE,
    "reference": Reason.PAYMENT_REFERENCE,
}


class WordTagger:
    """Tags by single words."""

    version = "words-1"

    def tag(self, conversations: Sequence[Conversation]) -> list[Tagging]:
        return [self._tag(conversation) for conversation in conversations]

    def _tag(self, conversation: Conversation) -> Tagging:
        for position, turn in enumerate(conversation.turns):
            for word, reason in WORDS.items():
                at = turn.text.lower().find(word)
                if at >= 0:
                    shown = (Evidence(turn=position, start=at, end=at + len(word), score=0.9, because="the word"),)
                    return self._tagging(conversation, reason, shown)
        return self._tagging(conversation, Reason.NOT_BILLING, ())

    def _tagging(self, conversation: Conversation, reason: Reason, shown: tuple[Evidence, ...]) -> Tagging:
        features = (FeatureTag(id=Feature.DUE_DATE, confidence=0.7, evidence=shown),) if shown else ()
        return Tagging(
            primary=reason,
            confidence=0.9,
            reasons=(ReasonTag(id=reason, confidence=0.9, evidence=shown),),
            features=features,
            language=conversation.language or "sv",
            probabilities={reason: 0.9},
            model_version=self.version,
        )


class MarkRedactor:
    """Takes out what the test wrote between ``<`` and ``>``: ``<person Kim>``, ``<payment_reference 12344>``."""

    def redact_many(self, conversations: Sequence[Conversation]) -> list[Redacted]:
        return [self._redact(conversation) for conversation in conversations]

    def _redact(self, conversation: Conversation) -> Redacted:
        turns, finds, said = [], [], []
        for position, turn in enumerate(conversation.turns):
            text = turn.text
            while "<" in text and ">" in text:
                start, end = text.index("<"), text.index(">") + 1
                name, _, value = text[start + 1 : end - 1].partition(" ")
                kind = PiiKind(name)
                finds.append(PiiFind(kind=kind, turn=position, start=start, end=end, score=1, because="marked"))
                if kind in (PiiKind.PAYMENT_REFERENCE, PiiKind.INVOICE_NUMBER, PiiKind.CUSTOMER_NUMBER):
                    said.append(SaidReference(kind=kind, value=value, turn=position))
                text = f"{text[:start]}[{name.upper()}]{text[end:]}"
            turns.append(turn.model_copy(update={"text": text}))
        redacted = conversation.model_copy(update={"turns": tuple(turns)})
        return Redacted(conversation=redacted, finds=tuple(finds), references=tuple(said))
