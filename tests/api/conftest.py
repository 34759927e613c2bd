"""The real application on a real database, asked as a program on this machine would ask it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    return Settings(
        home=tmp_path, database_url=sqlite_url, organisation_slug="test", cost_per_minute=Decimal("9.50"), tagger="fast"
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """An empty organisation on SQLite."""
    with TestClient(create_app(settings), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def either_client(database_url: str, settings: Settings) -> Iterator[TestClient]:
    """An empty organisation, once on SQLite and once on PostgreSQL."""
    app = create_app(settings.model_copy(update={"database_url": database_url}))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def sample_client(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The sample company, for tests that only read."""
    from ingest.sample import company

    home = tmp_path_factory.mktemp("sample-home")
    shutil.copyfile(sample_database, home / "sample.db")
    settings = Settings(
        home=home, database_url=f"sqlite:///{home / 'sample.db'}", organisation_slug=company.SLUG, tagger="fast"
    )
    with TestClient(create_app(settings), base_url=HERE, raise_server_exceptions=False) as client:
        yield client
