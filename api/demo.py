"""``tydlig demo``: the sample company from import to dashboard, with one command."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import typer

from api.servers import api_command, check_port_is_free, child_environment, dashboard_command
from api.settings import Settings
from ingest.sample import company
from models.errors import TydligError

START_SECONDS = 120
STOP_SECONDS = 10


Processes = Mapping[str, subprocess.Popen[bytes]]

MESSAGE = """
Dashboard  {dashboard}
API        {api}/docs

Open the dashboard: invoice-b, new in September, hides the payment reference, and its map shows what that costs.
Ctrl-C stops both.
"""


class Stopped(TydligError):
    """A process of the demo ended or never answered."""


def run_demo(settings: Settings) -> None:
    """Blocks until Ctrl-C. The sample company is an organisation of its own, beside any other in the database."""
    settings = settings.model_copy(
        update={
            "organisation_slug": company.SLUG,
            "organisation_name": company.NAME,
            "currency": company.CURRENCY,
            "cost_per_minute": company.COST_PER_MINUTE,
        }
    )
    check_port_is_free(settings.api_host, settings.api_port, "api_port")
    check_port_is_free("127.0.0.1", settings.dashboard_port, "dashboard_port")
    from api.importing import import_and_report  # heavy, and of no use where a port is taken
    from api.purging import keep_all

    keep_all(settings)
    # By the fast tagger: thousands of conversations at once, and somebody waits for a first look.
    import_and_report(settings.model_copy(update={"tagger": "fast"}), [company.SAMPLE])
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with ExitStack() as running:
            processes = {
                "API": running.enter_context(_started("API", api_command(), settings)),
                "dashboard": running.enter_context(_started("dashboard", dashboard_command(settings), settings)),
            }
            _wait_for(f"{settings.api_url}/healthz", processes)
            _wait_for(f"{settings.dashboard_url}/_stcore/health", processes)
            typer.echo(MESSAGE.format(dashboard=settings.dashboard_url, api=settings.api_url))
            while True:
                _check_running(processes)
                time.sleep(0.5)
    except KeyboardInterrupt:
        typer.echo("\nStopped.")


@contextmanager
def _started(name: str, command: list[str], settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The process, in a session of its own so that Ctrl-C reaches it only from here; its words go to a log file."""
    with log_file(settings, name).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 (a command of our own)
            command,
            env=child_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def log_file(settings: Settings, name: str) -> Path:
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings.home / f"{name.lower()}.log"


def _wait_for(url: str, processes: Processes) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _check_running(processes)
        try:
            with urlopen(url, timeout=5):  # noqa: S310 (an address of our own)
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise Stopped(f"Nothing answers at {url}. See the log files beside the database.")


def _check_running(processes: Processes) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise Stopped(f"The {name} stopped by itself. {name.lower()}.log beside the database says why.")


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
