"""The proof behind every figure: the conversations themselves, with the words that show each tag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from insights.scope import DOCUMENT_TYPE_OF, contacts
from models.errors import NotFound
from models.filters import Filter
from models.speech import Channel, Speaker
from models.stored import (
    ConversationDetail,
    ConversationPage,
    ConversationSummary,
    LinkedEvent,
    LinkedInvoice,
    StoredTurn,
    Tag,
)
from models.tables import (
    ConversationRow,
    CorrectionRow,
    EvidenceRow,
    InvoiceEventRow,
    InvoiceRow,
    LinkRow,
    OrganisationRow,
    TaggingRow,
    TemplateVersionRow,
    TurnRow,
)
from models.tags import Evidence
from models.taxonomy import Reason, Step
from models.values import DocumentType, InvoiceEventKind, InvoiceLine

QUOTE_LENGTH = 160


def list_conversations(
    session: Session, organisation: OrganisationRow, filter: Filter, offset: int = 0, limit: int = 50
) -> ConversationPage:
    """The conversations that match, newest first; without a period in the filter, of all time.

    ``quote`` is where the strongest evidence stands: of the reasons and features asked for, else of the primary reason.
    """
    rows = session.execute(
        contacts(organisation, filter, ConversationRow, TaggingRow, TemplateVersionRow.name)
        .outerjoin(TemplateVersionRow, TemplateVersionRow.id == InvoiceEventRow.template_version_id)
        .order_by(ConversationRow.started_at.desc().nulls_last(), ConversationRow.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    turns = _turns(session, [conversation.id for conversation, _, _ in rows])
    items = (
        _summary(conversation, tagging, name, _quote(tagging, turns.get(conversation.id, {}), filter))
        for conversation, tagging, name in rows
    )
    total = session.scalar(contacts(organisation, filter, func.count())) or 0
    return ConversationPage(items=tuple(items), total=total, offset=offset, limit=limit)


def conversation(session: Session, organisation: OrganisationRow, id: int) -> ConversationDetail:
    """One conversation with its turns, its tags with their evidence, and the invoice it is about. Raises NotFound."""
    found = session.execute(
        contacts(organisation, Filter(), ConversationRow, TaggingRow, TemplateVersionRow.name)
        .outerjoin(TemplateVersionRow, TemplateVersionRow.id == InvoiceEventRow.template_version_id)
        .where(ConversationRow.id == id)
    ).first()
    if found is None:
        raise NotFound("conversation", str(id))
    row, tagging, name = found
    turns = {turn.position: turn for turn in row.turns}
    corrected = session.scalar(
        select(func.count()).select_from(CorrectionRow).where(CorrectionRow.conversation_id == id)
    )
    return ConversationDetail(
        summary=_summary(row, tagging, name, _quote(tagging, turns, Filter())),
        turns=tuple(
            StoredTurn(
                position=turn.position,
                speaker=Speaker(turn.speaker),
                text=turn.text,
                offset_seconds=turn.offset_seconds,
            )
            for turn in row.turns
        ),
        reasons=tuple(
            Tag(id=tag.reason, confidence=tag.confidence, evidence=_evidence(tagging, reason=tag.reason))
            for tag in sorted(tagging.reasons, key=lambda tag: tag.reason != tagging.primary_reason)
        ),
        features=tuple(
            Tag(id=tag.feature, confidence=tag.confidence, evidence=_evidence(tagging, feature=tag.feature))
            for tag in tagging.features
        ),
        runner_up=Reason(tagging.runner_up) if tagging.runner_up else None,
        probabilities={Reason(reason): value for reason, value in tagging.probabilities.items()},
        model_version=tagging.model_version,
        corrected=bool(corrected),
        invoice=_invoice(session, id),
    )


def _turns(session: Session, ids: Sequence[int]) -> dict[int, dict[int, TurnRow]]:
    found: dict[int, dict[int, TurnRow]] = {}
    for turn in session.scalars(select(TurnRow).where(TurnRow.conversation_id.in_(ids))):
        found.setdefault(turn.conversation_id, {})[turn.position] = turn
    return found


def _summary(row: ConversationRow, tagging: TaggingRow, version: str | None, quote: str) -> ConversationSummary:
    return ConversationSummary(
        id=row.id,
        external_id="" if row.numbers_gone_at else row.external_id,
        started_at=row.started_at,
        language=row.language,
        channel=Channel(row.channel),
        queue=row.queue,
        handling_seconds=row.handling_seconds,
        primary=Reason(tagging.primary_reason),
        confidence=tagging.confidence,
        uncertain=tagging.uncertain,
        step=Step(tagging.step) if tagging.step else None,
        template_version=version,
        quote=quote,
        words_kept=row.words_gone_at is None,
    )


def _quote(tagging: TaggingRow, turns: dict[int, TurnRow], filter: Filter) -> str:
    """At most ``QUOTE_LENGTH`` characters around the strongest evidence; the customer's first words without any."""
    asked = {str(tag) for tag in (*filter.reasons, *filter.features)} or {tagging.primary_reason}

    def strength(evidence: EvidenceRow) -> tuple[bool, bool, float]:
        tags = {evidence.reason, evidence.feature}
        return bool(tags & asked), tagging.primary_reason in tags, evidence.score

    shown = [evidence for evidence in tagging.evidence if evidence.turn in turns]
    if shown:
        best = max(shown, key=strength)
        return _excerpt(turns[best.turn].text, best.start, best.end)
    spoken = sorted(turns.values(), key=lambda turn: (turn.speaker != Speaker.CUSTOMER, turn.position))
    return _excerpt(spoken[0].text, 0, 0) if spoken else ""


def _excerpt(text: str, start: int, end: int) -> str:
    """The words around ``text[start:end]``, cut between words, with an ellipsis where something is left out."""
    if len(text) <= QUOTE_LENGTH:
        return text.strip()
    room = QUOTE_LENGTH - 2
    begin = max(0, min(start - max(0, room - (end - start)) // 2, len(text) - room))
    stop = min(len(text), begin + room)
    if begin:
        begin = text.find(" ", begin, start) + 1 or begin
    if stop < len(text):
        stop = max(text.rfind(" ", min(end, stop), stop), 0) or stop
    return "…" * (begin > 0) + text[begin:stop].strip() + "…" * (stop < len(text))


def _evidence(tagging: TaggingRow, reason: str | None = None, feature: str | None = None) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(turn=row.turn, start=row.start, end=row.end, score=row.score, because=row.because)
        for row in tagging.evidence
        if (reason and row.reason == reason) or (feature and row.feature == feature)
    )


def _invoice(session: Session, conversation_id: int) -> LinkedInvoice | None:
    found = session.execute(
        select(LinkRow, InvoiceRow, InvoiceEventRow)
        .join(InvoiceRow, InvoiceRow.id == LinkRow.invoice_id)
        .outerjoin(InvoiceEventRow, InvoiceEventRow.id == LinkRow.event_id)
        .where(LinkRow.conversation_id == conversation_id, LinkRow.best)
        .options(selectinload(InvoiceRow.lines), selectinload(InvoiceRow.events))
    ).first()
    if found is None:
        return None
    link, invoice, document = found
    names = _names(session, [invoice.template_version_id, *(event.template_version_id for event in invoice.events)])
    version = document.template_version_id if document else invoice.template_version_id
    return LinkedInvoice(
        invoice_id=invoice.id,
        score=link.score,
        because=link.because,
        template_version=names.get(version),
        document_type=DOCUMENT_TYPE_OF[document.kind] if document else DocumentType.INVOICE,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount=invoice.amount,
        currency=invoice.currency,
        lines=tuple(
            InvoiceLine(
                name=line.name, quantity=line.quantity, unit=line.unit, unit_price=line.unit_price, amount=line.amount
            )
            for line in invoice.lines
        ),
        events=tuple(
            LinkedEvent(
                kind=InvoiceEventKind(event.kind), on=event.on, template_version=names.get(event.template_version_id)
            )
            for event in invoice.events
        ),
    )


def _names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    known = {id for id in ids if id is not None}
    rows = session.scalars(select(TemplateVersionRow).where(TemplateVersionRow.id.in_(known)))
    return {row.id: row.name for row in rows}
