"""Files in, rows out: read, redact, tag, store, link. One transaction a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ingest import conversations, invoices, log, payments, templates
from ingest.conversations.store import (
    Known,
    changed_conversations,
    current_taggings,
    insert_conversations,
    known_conversations,
)
from ingest.invoices.store import store_invoices
from ingest.linking import link_conversations
from ingest.payments.store import store_payments
from ingest.privacy.key import hold_key
from ingest.readers import Batch, Refusal, Stage, Task, plan
from ingest.source import Item, Source
from ingest.templates.bundle import beside
from ingest.templates.store import store_template_versions
from ingest.tools import Tools
from models.database import transaction
from models.errors import BadInput
from models.stored import ImportSummary
from models.tables import ImportRow, OrganisationRow
from models.tags import Tagging
from models.values import Conversation

__all__ = ["Progress", "Stored", "Tools", "import_paths", "store_conversations"]

OnItems: TypeAlias = Callable[[int], object]
OnProblem: TypeAlias = Callable[[BadInput], object]


class Progress(NamedTuple):
    """How far an import is: bytes read of this file, items seen in it, and which file of how many this is."""

    file_name: str
    read_bytes: int
    total_bytes: int
    items: int
    file_number: int
    files: int


class Stored(NamedTuple):
    """What became of a conversation: ``imported`` or ``duplicate``, and the tagging that counts."""

    id: int
    external_id: str
    outcome: str
    tagging: Tagging


def import_paths(
    engine: Engine,
    organisation_id: int,
    paths: Sequence[Path],
    tools: Tools,
    on_progress: Callable[[Progress], object] = lambda progress: None,
    *,
    on_problem: OnProblem = lambda problem: None,
) -> list[ImportSummary]:
    """Import files and folders; the same file twice changes nothing, and the order of the files does not matter.

    A broken item is left out, a broken file is left out whole; both are logged, counted as rejected in the file's
    summary and handed to ``on_problem``. Raises ``BadInput`` for a path that does not exist.
    """
    tasks = plan(paths, STAGES)
    summaries = []
    for number, task in enumerate(tasks, 1):

        def on_items(items: int, number: int = number, source: Source = task.source) -> None:
            on_progress(Progress(source.name, source.position, source.size, items, number, len(tasks)))

        summaries.append(_import_file(engine, organisation_id, task, tools, on_items=on_items, on_problem=on_problem))
    return summaries


def store_conversations(
    session: Session,
    organisation_id: int,
    conversations: Sequence[Conversation],
    tools: Tools,
    import_id: int | None = None,
) -> list[Stored]:
    """Redact, tag, store and link. A conversation that is stored already with this content is a duplicate.

    Under a known id, changed content replaces what was stored. The raw words go no further than ``tools``. Raises
    ``KeyChanged`` where the database's key is not that of ``tools`` any more.
    """
    hold_key(session, tools.hasher)
    conversations = [each.model_copy(update={"id": each.id.replace("\0", " ")}) for each in conversations]
    known = known_conversations(session, organisation_id, conversations, tools.hasher)
    fresh = changed_conversations(conversations, known, tools.hasher)
    redacted = tools.redactor.redact_many(fresh)
    taggings = tools.tagger.tag([each.conversation for each in redacted])
    read = list(zip(fresh, redacted, taggings, strict=True))
    ids = insert_conversations(session, organisation_id, import_id, tools.hasher, read, known=known)
    link_conversations(session, organisation_id, ids)
    if import_id is not None:
        log.count_redactions(session, import_id, (find for each in redacted for find in each.finds))
    return _stored(session, conversations, dict(zip(map(attrgetter("id"), fresh), ids, strict=True)), known)


def _stored(session: Session, conversations: Sequence[Conversation], new: dict[str, int], known: Known) -> list[Stored]:
    ids = {external_id: one.id for external_id, one in known.items()} | new
    taggings = current_taggings(session, list(ids.values()))
    waiting = set(new)
    stored = []
    for conversation in conversations:
        id = ids[conversation.id]
        outcome = "imported" if conversation.id in waiting else "duplicate"
        waiting.discard(conversation.id)
        stored.append(Stored(id, conversation.id, outcome, taggings[id]))
    return stored


def _store_and_tell(
    session: Session, organisation_id: int, conversations: Sequence[Conversation], tools: Tools, import_id: int
) -> list[str]:
    return [stored.outcome for stored in store_conversations(session, organisation_id, conversations, tools, import_id)]


STAGES = (
    Stage(templates.READERS, store_template_versions, 1, attrgetter("name"), beside),
    Stage(invoices.READERS, store_invoices, 2000, attrgetter("number")),
    Stage(payments.READERS, store_payments, 2000, attrgetter("id")),
    Stage(conversations.READERS, _store_and_tell, 200, attrgetter("id")),
)
"""What can be imported, in the order that saves joining twice."""


def _import_file(
    engine: Engine,
    organisation_id: int,
    task: Task | Refusal,
    tools: Tools,
    *,
    on_items: OnItems,
    on_problem: OnProblem,
) -> ImportSummary:
    """Import one file in one transaction; a file that is refused leaves nothing but its line in the log."""
    try:
        if isinstance(task, Refusal):
            raise task.error
        with transaction(engine) as session:
            _wait_for_other_imports(session, organisation_id)
            hold_key(session, tools.hasher)
            row = log.begin(session, organisation_id, task.source.name, _fingerprint(task, tools), task.kind)
            if not log.repeats_an_earlier_one(session, row):
                for batch in task.batches():
                    outcomes = _store(session, row, task, batch, tools)
                    log.record(session, row, batch, outcomes)
                    for problem in outcomes:
                        if isinstance(problem, BadInput):
                            on_problem(problem)
                    on_items(row.imported + row.duplicates + row.rejected)
            return log.finish(session, row)
    except BadInput as error:
        on_problem(error)
        with transaction(engine) as session:
            row = log.begin(session, organisation_id, task.source.name, "", task.kind)
            log.record(session, row, [error], [error])
            return log.finish(session, row)


def _wait_for_other_imports(session: Session, organisation_id: int) -> None:
    """One import at a time, so that none stores what another is storing; SQLite sees to that by itself."""
    session.execute(
        select(OrganisationRow.id).where(OrganisationRow.id == organisation_id).with_for_update(key_share=True)
    )


def _fingerprint(task: Task, tools: Tools) -> str:
    files = (task.source, *map(Source, task.stage.beside(task.source)))
    return tools.hasher.content(chain([b"file"], *(file.parts() for file in files)))


def _store(session: Session, row: ImportRow, task: Task, batch: Batch, tools: Tools) -> list[str | BadInput]:
    """Store the readable items of a batch and say of each of its items what became of it."""
    items = [item for item in batch if isinstance(item, Item)]
    told = iter(task.stage.store(session, row.organisation_id, [item.value for item in items], tools, row.id))
    return [item if isinstance(item, BadInput) else _placed(next(told), task.source, item) for item in batch]


def _placed(outcome: str | BadInput, source: Source, item: Item[Any]) -> str | BadInput:
    """A store knows no file: add the place to what it found wrong."""
    return source.bad(outcome.problem, outcome.remedy, item.line) if isinstance(outcome, BadInput) else outcome
