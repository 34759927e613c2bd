"""What the environment can set, and how a setting that makes no sense is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import Settings, check_reachable_only_with_a_key, load_settings
from models.errors import BadSetting


def test_all_files_lie_under_home_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYDLIG_HOME", "/srv/tydlig")
    settings = load_settings()
    assert settings.database_url == "sqlite:////srv/tydlig/tydlig.db"
    assert settings.key_file == Path("/srv/tydlig/key")


def test_an_address_of_a_database_goes_before_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYDLIG_DATABASE_URL", "postgresql+psycopg://db/tydlig")
    assert load_settings().database_url == "postgresql+psycopg://db/tydlig"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYDLIG_API_KEY", "")
    monkeypatch.setenv("TYDLIG_COST_PER_MINUTE", "")
    assert load_settings().api_key is None
    assert load_settings().cost_per_minute is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("TYDLIG_API_PORT", "eighty"), ("TYDLIG_CURRENCY", "kronor"), ("TYDLIG_COST_PER_MINUTE", "-1")],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as raised:
        load_settings()
    assert raised.value.name == name
    assert value not in str(raised.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "tydlig.example"])  # noqa: S104
def test_without_a_key_other_machines_are_not_answered(host: str) -> None:
    with pytest.raises(BadSetting, match="TYDLIG_API_KEY"):
        check_reachable_only_with_a_key(Settings(api_host=host))
    check_reachable_only_with_a_key(Settings(api_host=host, api_key="long and random"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_without_a_key_this_machine_is_answered(host: str) -> None:
    check_reachable_only_with_a_key(Settings(api_host=host))


def test_the_key_is_not_shown_when_settings_are_printed() -> None:
    assert "s3cret" not in repr(Settings(api_key="s3cret"))
