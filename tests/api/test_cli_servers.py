"""``tydlig serve``, ``db upgrade`` and ``demo`` as processes: they start, answer, stop, and say what bars them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120


def environment(home: Path, **more: object) -> dict[str, str]:
    settings = {f"TYDLIG_{name.upper()}": str(value) for name, value in more.items()}
    return (
        os.environ
        | {"PYTHONPATH": str(ROOT), "TYDLIG_HOME": str(home), "TYDLIG_TAGGER": "fast", "COLUMNS": "200"}
        | settings
    )


def tydlig(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


@contextmanager
def running(*arguments: str, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer_of(address: str) -> str:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(address) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def answers(address: str) -> bool:
    try:
        with urlopen(address):
            return True
    except URLError:
        return False


def test_the_server_answers_until_it_is_stopped(tmp_path: Path) -> None:
    port = free_port()
    with running("serve", "--port", str(port), home=tmp_path) as server:
        assert json.loads(answer_of(f"http://127.0.0.1:{port}/healthz"))["database"] is True
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=SECONDS)
    assert output.startswith(f"The API answers at http://127.0.0.1:{port}")
    assert "Traceback" not in output
    assert (tmp_path / "tydlig.db").exists()


def test_a_port_that_is_taken_is_named_with_the_setting_to_change(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command, setting in (("serve", "api_port"), ("demo", "api_port"), ("dashboard", "dashboard_port")):
            run = tydlig(command, home=tmp_path, **{setting: port})
            assert run.returncode == 1
            assert run.stderr.startswith(f"Error: TYDLIG_{setting.upper()}: port {port}")
            assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "settings", "name"),
    [
        (["serve", "--host", "0.0.0.0"], {}, "TYDLIG_API_KEY"),  # noqa: S104
        (["serve"], {"database_url": "postgresql+psycopg://anna:s3cret@127.0.0.1:1/x"}, "TYDLIG_DATABASE_URL"),
        (["db", "upgrade"], {"database_url": "nonsense"}, "TYDLIG_DATABASE_URL"),
        (["db", "upgrade"], {"api_port": "many"}, "TYDLIG_API_PORT"),
    ],
)
def test_a_setting_in_the_way_is_named_in_one_line(
    arguments: list[str], settings: dict[str, str], name: str, tmp_path: Path
) -> None:
    run = tydlig(*arguments, home=tmp_path, **settings)
    assert run.returncode == 1
    assert run.stderr.startswith(f"Error: {name}: ")
    assert len(run.stderr.splitlines()) == 1
    assert "s3cret" not in run.stderr


def test_the_database_can_be_made_ready_twice(tmp_path: Path) -> None:
    for _ in range(2):
        run = tydlig("db", "upgrade", home=tmp_path)
        assert (run.returncode, run.stdout) == (0, "The database is up to date.\n")


def test_first_starts_at_the_same_moment_do_not_hinder_each_other(tmp_path: Path) -> None:
    with ExitStack() as starts:
        started = [starts.enter_context(running("db", "upgrade", home=tmp_path)) for _ in range(4)]
        told = [process.communicate(timeout=SECONDS)[0] for process in started]
    assert told == ["The database is up to date.\n"] * 4


def test_a_database_of_a_newer_version_is_told_from_a_broken_one(tmp_path: Path) -> None:
    tydlig("db", "upgrade", home=tmp_path)
    with closing(sqlite3.connect(tmp_path / "tydlig.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        database.commit()
    run = tydlig("db", "upgrade", home=tmp_path)
    assert run.returncode == 1
    assert "newer Tydlig" in run.stderr


def test_the_key_is_rotated_by_command_and_another_key_is_refused_in_one_line(tmp_path: Path) -> None:
    key = tmp_path / "key"
    assert tydlig("db", "upgrade", home=tmp_path).returncode == 0
    for layers in (2, 3):
        run = tydlig("key", "rotate", home=tmp_path)
        assert (run.returncode, len(key.read_bytes())) == (0, 32 * layers)
        assert "start tydlig serve again" in run.stdout
    key.write_bytes(b"x" * 32)
    for command in (["key", "rotate"], ["serve"], ["purge"], ["erase", "--customer", "1"]):
        run = tydlig(*command, home=tmp_path, api_port=free_port())
        assert run.returncode == 1
        assert run.stderr == f"Error: {key}: this is not the key of the database. Restore the key that belongs to it.\n"


def test_the_demo_starts_again_without_importing_and_stops_what_it_started(
    sample_database: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sample_database, tmp_path / "tydlig.db")
    (tmp_path / "key").write_bytes(b"k" * 32)
    api, dashboard = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    ports = {"api_port": api.rpartition(":")[2], "dashboard_port": dashboard.rpartition(":")[2]}
    with running("demo", home=tmp_path, **ports) as demo:
        assert "streamlit" in answer_of(dashboard).lower()
        imports = json.loads(answer_of(f"{api}/v1/imports"))
        demo.send_signal(signal.SIGINT)
        output, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 0, output
    assert dashboard in output
    assert api in output
    assert not answers(api)
    assert not answers(dashboard)
    assert {one["imported"] for one in imports[: len(imports) // 2]} == {0}, "the second import brought nothing new"
