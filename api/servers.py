"""Runs the API or the dashboard until it is stopped."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import typer
from pydantic import SecretStr

from api.settings import PREFIX, Settings, check_reachable_only_with_a_key
from models.errors import BadSetting

PACKAGES = Path(__file__).parents[1]
DASHBOARD = PACKAGES / "dashboard" / "app.py"  # by its path: the dashboard is no module of the API's


def serve_api(settings: Settings) -> None:
    """Blocks until stopped and purges meanwhile; raises BadSetting where the port is taken or all could ask."""
    check_reachable_only_with_a_key(settings)
    check_port_is_free(settings.api_host, settings.api_port, "api_port")
    from api.database import open_database
    from ingest.privacy.key import open_hasher

    engine, _ = open_database(settings)  # here, so that what is wrong with it is said before the server starts
    open_hasher(engine, settings.key_file)
    engine.dispose()
    import uvicorn

    from api.app import create_app
    from api.purging import purging_daily

    typer.echo(f"The API answers at {settings.api_url} (documentation: {settings.api_url}/docs). Ctrl-C stops it.")
    with purging_daily(settings):
        uvicorn.run(create_app(settings), host=settings.api_host, port=settings.api_port, log_level="warning")


def serve_dashboard(settings: Settings) -> None:
    """Becomes the dashboard's server, so that what stops this process stops that; raises BadSetting where the port is
    taken."""
    check_port_is_free("127.0.0.1", settings.dashboard_port, "dashboard_port")
    os.execve(sys.executable, dashboard_command(settings), child_environment(settings))  # noqa: S606 (a command of our own)


def api_command() -> list[str]:
    return [sys.executable, "-m", "api.cli", "serve"]


def dashboard_command(settings: Settings) -> list[str]:
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(settings.dashboard_port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(DASHBOARD), *flags]


def child_environment(settings: Settings) -> dict[str, str]:
    """The settings as variables, for a process that reads them again; the packages are found wherever it starts."""
    values = {
        f"{PREFIX}{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in settings
        if value is not None
    }
    path = os.pathsep.join(filter(None, (str(PACKAGES), os.environ.get("PYTHONPATH"))))
    return os.environ | values | {f"{PREFIX}API_URL": settings.api_url, "PYTHONPATH": path}


def check_port_is_free(host: str, port: int, setting: str) -> None:
    """Raises BadSetting that names the variable to change."""
    name = f"{PREFIX}{setting.upper()}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise BadSetting(name, f"{host} is no address of this machine", "Use 127.0.0.1.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            remedy = f"Stop what runs there, perhaps an earlier Tydlig, or choose another port: {name}={port + 10}"
            raise BadSetting(name, f"port {port} on {host} is taken or not allowed", remedy) from None
