"""Engine, session and schema. Knows only the address that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session


def make_engine(url: str) -> Engine:
    """Open ``sqlite:///…`` (with write-ahead logging and foreign keys) or ``postgresql+psycopg://…``."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    return create_engine(parsed, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    pragmas = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=30000", "secure_delete=ON")
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest migration, wholly or not at all; does nothing when it is there already."""
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
        # Alone: SQLite would commit table by table, and two processes that start together would both make them all.
        alone = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "SELECT pg_advisory_xact_lock(1)"
        connection.exec_driver_sql(alone)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One session, one transaction: committed at the end, rolled back at an error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def overwrite_deleted(engine: Engine, tables: Sequence[str], *, compact: bool) -> bool:
    """Make what was deleted unreadable in the database's files; false where others keep it busy, to be tried again.

    SQLite zeroes what it deletes (``secure_delete``), and here its write-ahead log is emptied; ``compact`` also writes
    the whole file anew, for which other writers wait. PostgreSQL frees the places in these tables.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")
            return True
        try:
            if compact:
                connection.exec_driver_sql("VACUUM")
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        except OperationalError:
            return False
