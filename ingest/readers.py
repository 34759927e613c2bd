"""Which files to read, in which order, and by which reader: the kind is found from the content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from sqlalchemy.orm import Session

from ingest.foreign import of_text
from ingest.source import Item, Source
from ingest.tools import Tools
from models.errors import BadInput, UnknownFileKind

Batch: TypeAlias = "list[Item[Any] | BadInput]"


class Reader(Protocol):
    """A module that reads one format. ``read`` yields an error for a broken item and raises one for a broken file.

    ``KIND`` is its id in the import log, ``NAME`` what it reads in words.
    """

    @property
    def KIND(self) -> str: ...  # noqa: N802 (a module's constant)

    @property
    def NAME(self) -> str: ...  # noqa: N802 (a module's constant)

    def recognises(self, head: str, name: str) -> bool: ...

    def read(self, source: Source) -> Iterator[Item[Any] | BadInput]: ...


class Store(Protocol):
    """Stores a batch and says of each item ``imported``, ``duplicate`` or what is wrong with it."""

    def __call__(
        self, session: Session, organisation_id: int, items: Sequence[Any], tools: Tools, import_id: int, /
    ) -> Sequence[str | BadInput]: ...


@dataclass(frozen=True)
class Stage:
    """One kind of thing: its readers, how it is stored, how many at once, what tells two apart, and files beside it."""

    readers: tuple[Reader, ...]
    store: Store
    batch: int
    key: Callable[[Any], str]
    beside: Callable[[Source], list[Path]] = lambda source: []


class Task(NamedTuple):
    """A file to import, with its stage and reader."""

    source: Source
    stage: Stage
    reader: Reader

    @property
    def kind(self) -> str:
        return self.reader.KIND

    def batches(self) -> Iterator[Batch]:
        """The file's items in pieces that fit into memory, in each of which no key comes twice."""
        batch: Batch = []
        keys: set[str] = set()
        for item in self.reader.read(self.source):
            own = self.stage.key(item.value) if isinstance(item, Item) else None
            if len(batch) == self.stage.batch or own in keys:
                yield batch
                batch, keys = [], set()
            batch.append(item)
            keys |= {own} if own is not None else set()
        if batch:
            yield batch


class Refusal(NamedTuple):
    """A file that cannot be imported, with the error that says why."""

    source: Source
    error: BadInput
    kind: str = "unknown"


def plan(paths: Sequence[Path], stages: Sequence[Stage]) -> list[Task | Refusal]:
    """What to do with every file at or below the paths, stage by stage.

    Files that only belong to another one, such as a layout beside its description, are no task of their own.
    Raises ``BadInput`` for a path that does not exist and for an empty folder.
    """
    found = [_task(Source(path), stages) for path in dict.fromkeys(_files(paths))]
    beside = {path.resolve() for task in found if isinstance(task, Task) for path in _beside(task)}
    tasks = [task for task in found if task.source.path.resolve() not in beside]
    return sorted(tasks, key=lambda task: stages.index(task.stage) if isinstance(task, Task) else -1)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise BadInput(path.name, "does not exist", "Check the path.")
        if not path.is_dir():
            yield path
            continue
        below = (found.relative_to(path).parts for found in path.rglob("*") if found.is_file())
        visible = sorted(parts for parts in below if not any(part.startswith(".") for part in parts))
        if not visible:
            raise BadInput(path.name, "is a folder without files", "Name a folder that holds files to import.")
        yield from (path.joinpath(*parts) for parts in visible)


def _task(source: Source, stages: Sequence[Stage]) -> Task | Refusal:
    try:
        head = source.head()
    except BadInput as error:
        return Refusal(source, error)
    for stage in stages:
        for reader in stage.readers:
            if reader.recognises(head, source.name):
                return Task(source, stage, reader)
    known = ", ".join(reader.NAME for stage in stages for reader in stage.readers)
    problem, remedy = of_text(head) or ("holds no kind of data that is known", f"What is read: {known}.")
    return Refusal(source, UnknownFileKind(source.name, problem, remedy))


def _beside(task: Task) -> list[Path]:
    """Files beside it; none where it is broken, which reading it will tell."""
    try:
        return task.stage.beside(task.source)
    except BadInput:
        return []
