"""The dashboard as a visitor meets it: served on its own, asking the stand-in, seen in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from tests.dashboard import stand_in

ROOT = Path(__file__).parents[2]
APP = ROOT / "dashboard" / "app.py"
BROWSER_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)

Visitor = Callable[[str, int], Page]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def api() -> Iterator[str]:
    with served(stand_in.app) as url:
        yield url


@pytest.fixture(scope="session")
def dashboard(api: str) -> Iterator[str]:
    port = free_port()
    flags = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *flags, "--server.fileWatcherType=none"]
    environment = os.environ | {"TYDLIG_API_URL": api, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/_stcore/health", process)
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the dashboard stopped by itself"
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the dashboard does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and without it the pages are not tested.")
        pytest.skip("Chromium is not installed, so the pages cannot be looked at.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context_of_width(browser: Browser) -> Iterator[Visitor]:
    """Pages of one width share their cache, as one visitor's would."""
    contexts = {
        width: browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB") for width in (1440, 390)
    }

    def open_page(url: str, width: int) -> Page:
        page = contexts[width].new_page()
        page.goto(url)
        page.wait_for_selector(".sentence", timeout=60_000)
        return page

    yield open_page
    for context in contexts.values():
        context.close()


@pytest.fixture
def visit(dashboard: str, context_of_width: Visitor) -> Iterator[Visitor]:
    """``visit(address, width)`` opens a page of the dashboard and waits for its sentence."""
    opened: list[Page] = []

    def go(address: str, width: int = 1440) -> Page:
        opened.append(context_of_width(f"{dashboard}/{address}", width))
        return opened[-1]

    yield go
    for page in opened:
        page.close()
