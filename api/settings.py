"""Everything that the environment can set. No other module of Tydlig reads it."""

from __future__ import annotations

from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import BadSetting
from models.tags import TaggerName
from models.values import Currency

PREFIX = "TYDLIG_"


class Settings(BaseSettings):
    """Read from ``TYDLIG_HOME``, ``TYDLIG_DATABASE_URL``, …; an empty variable counts as not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default=Path(".tydlig"), description="Folder of the database, the key and the logs.")
    database_url: str = Field(
        default_factory=lambda known: f"sqlite:///{known['home'] / 'tydlig.db'}",
        description="SQLite, or PostgreSQL as `postgresql+psycopg://user@host/name`.",
    )
    key_file: Path = Field(
        default_factory=lambda known: known["home"] / "key",
        description="The key of all hashes, made at first start. Keep a copy apart from the database.",
    )

    organisation_slug: str = Field(
        default="main", pattern="^[a-z0-9][a-z0-9-]{0,59}$", description="Short name of the firm whose data it is."
    )
    organisation_name: str | None = Field(default=None, max_length=200, description="The firm's name.")
    currency: Currency | None = Field(default=None, description="ISO 4217 code of the firm's figures.")
    cost_per_minute: Decimal | None = Field(
        default=None, ge=0, lt=1_000_000, description="What a minute of handling costs. Figures in money need it."
    )

    tagger: TaggerName = Field(
        default="cascade", description="Who tags: `fast`, `full`, or `cascade`: full where fast is unsure."
    )
    encoder: str | None = Field(
        default=None,
        description="What `tydlig train` grows the full tagger from: name or folder of a sentence-transformers model.",
    )

    api_host: str = Field(default="127.0.0.1", description="Address that the API answers on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port of the API.")
    api_key: SecretStr | None = Field(
        default=None, description="What callers must send as bearer token. Needed beyond this machine."
    )
    review_key: SecretStr | None = Field(
        default=None,
        description="What reviewers must send as X-Review-Key. Without it nobody reviews where there is an API key.",
    )
    dashboard_port: int = Field(default=8501, ge=1, le=65535, description="Port of the dashboard.")

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
