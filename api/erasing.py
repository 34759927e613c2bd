"""``tydlig erase``: a customer, or one conversation, on request."""

from __future__ import annotations

from datetime import UTC, datetime

from api.database import TROUBLE, Unavailable, open_database
from api.settings import Settings
from api.terminal import stdout
from ingest.privacy.erasure import erase_conversation, erase_customer
from ingest.privacy.key import open_hasher
from models.errors import BadInput
from models.privacy import Erasure

DOOR = "command line"


def erase_and_report(settings: Settings, customer: str | None, conversation: str | None) -> None:
    """Erase one of the two and say how much was found; raises ``BadInput`` where not exactly one is given."""
    if bool(customer and customer.strip()) == bool(conversation):
        raise BadInput("erase", "whose data is not told", "Give either --customer NUMBER or --conversation ID.")
    engine, organisation_id = open_database(settings)
    hasher, now = open_hasher(engine, settings.key_file), datetime.now(UTC)
    try:
        if customer:
            erased = erase_customer(engine, organisation_id, hasher, customer, DOOR, now)
        else:
            erased = erase_conversation(engine, organisation_id, hasher, conversation or "", DOOR, now)
    except TROUBLE as error:
        raise Unavailable(error) from None
    engine.dispose()
    stdout.print(said(erased), soft_wrap=True)


def said(erased: Erasure) -> str:
    counts = f"{erased.conversations} conversations, {erased.invoices} invoices, {erased.payments} payments"
    if erased.finished_at:
        return f"Erased: {counts}. Recorded as erasure {erased.id}, without a word about whose it was."
    return f"Erased: {counts}. Others keep the database busy: run tydlig purge to overwrite where they stood."
