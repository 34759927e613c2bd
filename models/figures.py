"""The shapes of the figures: what insights answers, the API sends and the dashboard shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import AwareDatetime

from models.taxonomy import Feature, Reason, ReasonGroup, Step
from models.values import Currency, DocumentType, PaymentMethod, Value, Zone

TOO_FEW = 5
"""Below this many contacts, or documents, a rate is withheld: it would tell about persons or about chance."""


class Ratio(Value):
    """``count`` of ``denominator``, as ``value`` per ``per`` with a 95 % interval; no value where ``too_few``."""

    count: int
    denominator: int
    per: int
    value: float | None
    low: float | None
    high: float | None
    too_few: bool


class MoneyEstimate(Value):
    """An amount with its 95 % interval, rounded to two decimals."""

    amount: Decimal
    low: Decimal
    high: Decimal
    currency: Currency


class Freshness(Value):
    """How new the newest data is."""

    newest_conversation: AwareDatetime | None
    newest_document: date | None
    newest_payment: date | None
    last_import: AwareDatetime | None


# ------------------------------------------------------------------------------------------- overview


class Mend(Value):
    """A part of a document worth mending: what its contacts cost a month, and how common they are."""

    template_version: str
    document_type: DocumentType
    feature: Feature
    contacts: int
    rate: Ratio
    monthly_cost: MoneyEstimate
    top_reason: Reason


class PeriodFigures(Value):
    """What billing contacts were and cost from ``since`` to ``until``, both inclusive."""

    since: date
    until: date
    contacts: int
    billing_contacts: int
    cost: MoneyEstimate
    per_thousand_documents: Ratio
    billing_share: Ratio
    paid_late_after_contact: Ratio


class Release(Value):
    """A template version came into use."""

    on: date
    template_version: str
    document_type: DocumentType


class TrendPoint(Value):
    """Billing contacts of one reason group in the week that starts on ``week`` (a Monday)."""

    week: date
    group: ReasonGroup
    contacts: int
    documents: int


class Overview(Value):
    """The first page: this period, the one before of equal length, what to mend first, and the trend."""

    period: PeriodFigures
    previous: PeriodFigures | None
    cost_per_minute: Decimal
    mend_first: tuple[Mend, ...]
    trend: tuple[TrendPoint, ...]
    releases: tuple[Release, ...]
    linked: Ratio
    freshness: Freshness


# ------------------------------------------------------------------------------------------- reasons


class ReasonFigures(Value):
    """How often a reason is the primary one, how often it is raised at all, and what its contacts cost."""

    reason: Reason
    group: ReasonGroup
    contacts: int
    raised: int
    share: Ratio
    cost: MoneyEstimate
    previous_contacts: int | None


class ReasonWeek(Value):
    week: date
    reason: Reason
    contacts: int


class Breakdown(Value):
    """How a reason's contacts spread over one dimension: ``feature``, ``template_version``, ``language``, ``queue``…"""

    dimension: str
    key: str
    contacts: int
    share: Ratio


class ReasonDetail(Value):
    figures: ReasonFigures
    weeks: tuple[ReasonWeek, ...]
    breakdowns: tuple[Breakdown, ...]


# ------------------------------------------------------------------------------------------- the map and the steps


class TemplateSummary(Value):
    """A template version, how many documents of it were sent in the period, and how many contacts followed."""

    name: str
    document_type: DocumentType
    valid_from: date
    valid_to: date | None
    pages: int
    payment_methods: tuple[PaymentMethod, ...]
    channel: str | None
    segment: str | None
    note: str
    documents: int
    rate: Ratio


class FeatureRate(Value):
    """Contacts about a feature per 1,000 documents sent of a version; ``shown`` is false where no zone prints it."""

    feature: Feature
    shown: bool
    rate: Ratio


class InvoiceMap(Value):
    """One version's zones and the rate of each feature."""

    template: TemplateSummary
    zones: tuple[Zone, ...]
    features: tuple[FeatureRate, ...]


class FeatureDifference(Value):
    """Two versions side by side; ``difference`` is second less first, per 1,000 sent, with its 95 % interval."""

    feature: Feature
    first: FeatureRate
    second: FeatureRate
    difference: float | None
    low: float | None
    high: float | None


class StepFigures(Value):
    """Contacts stuck at a payment step, per 1,000 documents sent; ``documents`` were sent and could reach the step."""

    step: Step
    documents: int
    contacts: int
    rate: Ratio
    cost: MoneyEstimate


class StepSlice(Value):
    """The steps for one value of a dimension (``payment_method`` or ``template_version``)."""

    dimension: str
    key: str
    steps: tuple[StepFigures, ...]


class PaymentSteps(Value):
    steps: tuple[StepFigures, ...]
    slices: tuple[StepSlice, ...]


# ------------------------------------------------------------------------------------------- changes and alarms


class Verdict(StrEnum):
    """What the numbers allow one to say about a change."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"


class ChangeVerdict(Value):
    """What happened to one reason's contacts per 1,000 documents when ``after`` replaced ``before``.

    ``ratio`` is the after rate over the before rate with its 95 % interval, corrected for the many reasons looked at.
    """

    before: str
    after: str
    document_type: DocumentType
    changed_on: date
    reason: Reason | None
    before_rate: Ratio
    after_rate: Ratio
    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict


class BadRun(Value):
    """Documents sent on one day that brought far more contacts of one reason than their like did on other days."""

    sent_on: date
    template_version: str
    document_type: DocumentType
    reason: Reason
    documents: int
    contacts: int
    expected: float
    times_expected: float
    p_value: float
