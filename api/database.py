"""Opens the database that the settings name, with its tables and its organisation in place."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from api.settings import Settings
from ingest.organisation import ensure_organisation
from models.database import make_engine, transaction, upgrade
from models.errors import BadSetting


def open_database(settings: Settings) -> tuple[Engine, int]:
    """The engine, with the newest schema, and the id of the settings' organisation; raises BadSetting."""
    try:
        engine = make_engine(settings.database_url)
        upgrade(engine)
    except (ArgumentError, NoSuchModuleError, DBAPIError, OSError) as error:
        # The cause is named by its kind alone: its message may hold the address with its password.
        raise BadSetting(
            "TYDLIG_DATABASE_URL",
            f"the database cannot be opened ({type(error).__name__})",
            "Give sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME, and see that it can be reached and written.",
        ) from None
    with transaction(engine) as session:
        organisation = ensure_organisation(
            session,
            settings.organisation_slug,
            settings.organisation_name,
            settings.currency,
            settings.cost_per_minute,
        )
        return engine, organisation.id
