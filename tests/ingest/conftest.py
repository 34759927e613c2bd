"""A way to write files and import them into a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ingest.hashing import ReferenceHasher
from ingest.organisation import ensure_organisation
from ingest.pipeline import Progress, Tools, import_paths
from ingest.source import Source
from models.database import make_engine
from models.errors import BadInput
from models.stored import ImportSummary
from models.tables import Base, OrganisationRow
from tests.ingest.stand_ins import MarkRedactor, WordTagger

Row = TypeVar("Row", bound=Base)


@pytest.fixture
def tools() -> Tools:
    return Tools(WordTagger(), MarkRedactor(), ReferenceHasher(b"k" * 32))


class Importer:
    """Writes files below the test's folder and imports them."""

    def __init__(self, engine: Engine, organisation_id: int, tools: Tools, folder: Path) -> None:
        self.engine, self.organisation_id, self.tools, self.folder = engine, organisation_id, tools, folder
        self.problems: list[BadInput] = []

    def path(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def __call__(self, *paths: Path, on_progress: Callable[[Progress], object] = lambda _: None) -> list[ImportSummary]:
        self.problems = []
        return import_paths(
            self.engine, self.organisation_id, paths, self.tools, on_progress, on_problem=self.problems.append
        )

    def move_to_another_organisation(self) -> None:
        with Session(self.engine) as session, session.begin():
            self.organisation_id = ensure_organisation(session, f"after-{self.organisation_id}").id

    def content(self) -> dict[str, list[object]]:
        """Every row of every table but the import log."""
        with Session(self.engine) as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
                for table in Base.metadata.sorted_tables
                if table.name not in ("import", "import_item")
            }

    def rows(self, kind: type[Row]) -> list[Row]:
        with Session(self.engine) as session:
            return list(session.scalars(select(kind).order_by("id")))


@pytest.fixture
def importer(engine: Engine, organisation: OrganisationRow, tools: Tools, tmp_path: Path) -> Importer:
    return Importer(engine, organisation.id, tools, tmp_path / "files")


@pytest.fixture
def sqlite_importer(sqlite_url: str, tools: Tools, tmp_path: Path) -> Iterator[Importer]:
    """For what is to be seen in SQLite's own files."""
    engine = make_engine(sqlite_url)
    with Session(engine) as session, session.begin():
        organisation_id = ensure_organisation(session, "test", cost_per_minute=Decimal("9.50")).id
    yield Importer(engine, organisation_id, tools, tmp_path / "files")
    engine.dispose()


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str | bytes], Source]:
    """A file with this content, opened for a reader."""

    def written(content: str | bytes, name: str = "file") -> Source:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Source(path)

    return written
