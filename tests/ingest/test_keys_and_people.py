"""Keyed hashes, the organisation, and what people put right."""

from __future__ import annotations

import stat
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.conversations.store import current_taggings
from ingest.correction import correct
from ingest.hashing import ReferenceHasher, load_or_create_key
from ingest.organisation import ensure_organisation
from ingest.pipeline import store_conversations
from models.database import transaction
from models.errors import BadInput, BadSetting, NotFound
from models.tables import ConversationRow, CorrectionRow, OrganisationRow, TaggingRow
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation, PiiKind, Turn
from tests.ingest.conftest import Importer
from tests.ingest.written import conversations


def test_spellings_of_one_number_have_one_hash_and_another_key_gives_another() -> None:
    one, other = ReferenceHasher(b"a" * 32), ReferenceHasher(b"b" * 32)
    spellings = {one.hash(PiiKind.PAYMENT_REFERENCE, value) for value in ("0012 3456-7", "1234567", "123 456 7")}
    assert len(spellings) == 1
    assert one.hash(PiiKind.INVOICE_NUMBER, "1234567") in spellings
    assert one.hash(PiiKind.CUSTOMER_NUMBER, "1234567") not in spellings
    assert other.hash(PiiKind.PAYMENT_REFERENCE, "1234567") not in spellings
    assert all(len(value) == 64 for value in spellings)


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    key = load_or_create_key(path)
    assert (len(key), load_or_create_key(path)) == (32, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(BadSetting, match="backup"):
        load_or_create_key(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == b"short"


def test_an_organisation_is_made_once_and_updated_with_what_is_given(engine: Engine) -> None:
    with transaction(engine) as session:
        first = ensure_organisation(session, "nord", "Nord AB", "SEK", Decimal("9.50")).id
    with transaction(engine) as session:
        row = ensure_organisation(session, "nord", currency="NOK")
        assert (row.id, row.name, row.currency, row.cost_per_minute) == (first, "Nord AB", "NOK", Decimal("9.50"))
    with transaction(engine) as session:
        assert session.query(OrganisationRow).count() == 1


def test_a_correction_counts_from_then_on_and_keeps_the_evidence(importer: Importer) -> None:
    importer(importer.path("a.jsonl", conversations({"text": "is it due"})))
    (conversation,) = importer.rows(ConversationRow)
    with transaction(importer.engine) as session:
        after = correct(
            session,
            importer.organisation_id,
            conversation.id,
            Reason.HOW_TO_PAY,
            [Reason.DUE_DATE, Reason.HOW_TO_PAY],
            [Feature.DUE_DATE],
            Step.CHOOSE_METHOD,
            "Kim",
        )
        tagging = current_taggings(session, [conversation.id])[conversation.id]
    assert [tag.id for tag in tagging.reasons] == [Reason.HOW_TO_PAY, Reason.DUE_DATE]
    assert (tagging.primary, tagging.step, tagging.model_version) == (Reason.HOW_TO_PAY, Step.CHOOSE_METHOD, "person")
    assert [found.because for found in tagging.features[0].evidence] == ["the word"]
    before, current = importer.rows(TaggingRow)
    assert (before.current, current.current, current.id) == (False, True, after)
    (correction,) = importer.rows(CorrectionRow)
    assert (correction.before_id, correction.after_id, correction.author) == (before.id, after, "Kim")


def test_a_correction_of_nothing_or_against_the_taxonomy_is_refused(importer: Importer) -> None:
    importer(importer.path("a.jsonl", conversations({})))
    (conversation,) = importer.rows(ConversationRow)
    with transaction(importer.engine) as session:
        with pytest.raises(NotFound):
            correct(session, importer.organisation_id, 99, Reason.DUE_DATE, (), (), None, "Kim")
        with pytest.raises(BadInput, match="not_billing"):
            mixed = (Reason.DUE_DATE,)
            correct(session, importer.organisation_id, conversation.id, Reason.NOT_BILLING, mixed, (), None, "Kim")


def test_storing_answers_each_conversation_in_order_with_the_tagging_that_counts(importer: Importer) -> None:
    def conversation(id: str, text: str) -> Conversation:
        return Conversation(id=id, turns=(Turn(text=text),))

    with transaction(importer.engine) as session:
        arguments = (session, importer.organisation_id)
        store_conversations(*arguments, [conversation("b", "is it due")], importer.tools)
        new = [conversation("a", "a reminder"), conversation("b", "is it due"), conversation("a\0", "reference")]
        stored = store_conversations(*arguments, new, importer.tools)
    assert [(each.external_id, each.outcome, each.tagging.primary) for each in stored] == [
        ("a", "imported", Reason.REMINDER_RECEIVED),
        ("b", "duplicate", Reason.DUE_DATE),
        ("a ", "imported", Reason.PAYMENT_REFERENCE),
    ]
    assert len({each.id for each in stored}) == 3


def test_storing_nothing_is_no_fault(importer: Importer) -> None:
    with transaction(importer.engine) as session:
        assert store_conversations(session, importer.organisation_id, [], importer.tools) == []
