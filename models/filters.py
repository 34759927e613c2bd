"""What every question can be narrowed by, and by what values."""

from __future__ import annotations

from datetime import date

from models.speech import Channel
from models.taxonomy import Feature, Reason, Step
from models.values import DocumentType, Value


class Filter(Value):
    """What every question can be narrowed by; ``until`` is inclusive, an empty tuple means all.

    ``since`` and ``until`` say when the customer got in touch, ``sent_since`` and ``sent_until`` when the document
    that it is about was sent.
    """

    since: date | None = None
    until: date | None = None
    sent_since: date | None = None
    sent_until: date | None = None
    languages: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    queues: tuple[str, ...] = ()
    document_types: tuple[DocumentType, ...] = ()
    template_versions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    features: tuple[Feature, ...] = ()
    steps: tuple[Step, ...] = ()


class FilterChoices(Value):
    """What the filter can be set to: the values that the data holds, its first and last day, and the default period.

    All four days are missing where there is no data.
    """

    first_day: date | None
    last_day: date | None
    default_since: date | None
    default_until: date | None
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    queues: tuple[str, ...]
    document_types: tuple[DocumentType, ...]
    template_versions: tuple[str, ...]
    segments: tuple[str, ...]
