"""Everything that the environment can set. No other module of Tydlig reads it."""

from __future__ import annotations

from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import BadSetting
from models.values import Currency

PREFIX = "TYDLIG_"


class Settings(BaseSettings):
    """Read from ``TYDLIG_HOME``, ``TYDLIG_DATABASE_URL``, …; an empty variable counts as not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Path(".tydlig")
    database_url: str = Field(default_factory=lambda known: f"sqlite:///{known['home'] / 'tydlig.db'}")
    key_file: Path = Field(default_factory=lambda known: known["home"] / "key")

    organisation_slug: str = Field(default="main", pattern="^[a-z0-9][a-z0-9-]{0,59}$")
    organisation_name: str | None = Field(default=None, max_length=200)
    currency: Currency | None = None
    cost_per_minute: Decimal | None = Field(default=None, ge=0, lt=1_000_000)

    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8000, ge=1, le=65535)
    api_key: SecretStr | None = None
    dashboard_port: int = Field(default=8501, ge=1, le=65535)

    @property
    def api_url(self) -> str:
        return f"http://{self.api_host}:{self.api_port}"

    @property
    def dashboard_url(self) -> str:
        return f"http://127.0.0.1:{self.dashboard_port}"


def load_settings() -> Settings:
    """Read the environment; raises BadSetting that names the first variable that makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False)[0]
        name = PREFIX + str(first["loc"][0]).removeprefix(PREFIX.lower()).upper()
        raise BadSetting(name, first["msg"], "Set it right or leave it out.") from None


def check_reachable_only_with_a_key(settings: Settings) -> None:
    """Without a key the API answers this machine alone; raises BadSetting."""
    if settings.api_key is None and not is_loopback(settings.api_host):
        raise BadSetting(
            "TYDLIG_API_KEY",
            f"the API would answer all who reach {settings.api_host}, without asking for a key",
            "Set TYDLIG_API_KEY to a long random text, or serve on 127.0.0.1.",
        )


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
