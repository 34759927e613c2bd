"""Opens the database that the settings name, with its tables and its organisation in place."""

from __future__ import annotations

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from api.settings import Settings
from ingest.organisation import ensure_organisation
from models.database import make_engine, transaction, upgrade
from models.errors import BadSetting, TydligError

TROUBLE = (OperationalError, IntegrityError)
"""What befalls a database that was opened, and is neither the caller's fault nor ours."""

_SIGNS = {
    "locked": "Another import or request is writing to the database.",
    "lock timeout": "An import is being stored just now.",
    "unique": "Another import or request stored the same at the same moment.",
    "full": "The disk that holds the database is full: make room.",
    "readonly": "The database's file may not be written: mend its rights.",
    "disk i/o": "The disk that holds the database fails.",
    "malformed": "The database's file is damaged: restore it from a backup.",
    "not a database": "The database's file is none: restore it from a backup.",
}


class Unavailable(TydligError):
    """The database cannot be used just now; what was being written is undone as a whole."""

    def __init__(self, error: DBAPIError) -> None:
        said = str(error.orig).lower()
        reason = next((words for sign, words in _SIGNS.items() if sign in said), "The database does not answer.")
        super().__init__(f"{reason} What was being stored is undone: try again.")


def open_database(settings: Settings) -> tuple[Engine, int]:
    """The engine, with the newest schema, and the id of the settings' organisation.

    Raises ``BadSetting``, and ``Unavailable`` where another process keeps the database for itself.
    """
    try:
        engine = make_engine(settings.database_url)
        try:
            return engine, _prepared(engine, settings)
        except (ProgrammingError, IntegrityError, OperationalError) as error:
            if not _by_another_process(error):
                raise
            return engine, _prepared(engine, settings)
    except CommandError:
        remedy = "Install the newest Tydlig, or name another database."
        raise BadSetting("TYDLIG_DATABASE_URL", "the database was made by a newer Tydlig", remedy) from None
    except (ArgumentError, NoSuchModuleError, ImportError, DBAPIError, OSError) as error:
        if isinstance(error, DBAPIError) and _by_another_process(error):
            raise Unavailable(error) from None
        # The cause is named by its kind alone: its message may hold the address with its password.
        raise BadSetting(
            "TYDLIG_DATABASE_URL",
            f"the database cannot be opened ({type(error).__name__})",
            "Give sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME, and see that it can be reached and written.",
        ) from None


def _prepared(engine: Engine, settings: Settings) -> int:
    upgrade(engine)
    with transaction(engine) as session:
        return ensure_organisation(
            session,
            settings.organisation_slug,
            settings.organisation_name,
            settings.currency,
            settings.cost_per_minute,
        ).id


def _by_another_process(error: DBAPIError) -> bool:
    """Whether another process that started at the same moment was opening the same database."""
    said = str(error.orig).lower()
    return any(sign in said for sign in ("unique", "locked"))
