"""The dashboard as a visitor meets it: served on its own, asking the stand-in, seen in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from tests.dashboard import stand_in
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parents[2]
APP = ROOT / "dashboard" / "app.py"
GO = """
address => {
  document.querySelectorAll('.sentence').forEach(sentence => sentence.remove())
  history.pushState({}, '', address)
  dispatchEvent(new PopStateEvent('popstate'))
}
"""
"""Goes to another address without loading Streamlit anew, which takes seconds."""
NEW_SENTENCE, STANDS_STILL = ".sentence", "[data-test-script-state=notRunning]"

Visitor = Callable[..., Page]
Window = Callable[[int], Page]


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


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Window]:
    """One window a width, which all visits of that width share as one visitor's would."""
    opened: dict[int, Page] = {}

    def of_width(width: int) -> Page:
        if width not in opened:
            opened[width] = browser.new_page(viewport={"width": width, "height": 900}, locale="en-GB")
        return opened[width]

    yield of_width
    for page in opened.values():
        page.close()


@pytest.fixture
def visit(dashboard: str, windows: Window) -> Visitor:
    """``visit(address, width)`` goes to a page of the dashboard as its links do, and waits until it stands still."""

    def go(address: str, width: int = 1440) -> Page:
        page, url = windows(width), f"{dashboard}/{address}"
        if page.url.startswith(dashboard) and page.url != url:
            page.evaluate(GO, url)
        else:
            page.goto(url)
        page.wait_for_selector(NEW_SENTENCE, timeout=60_000)
        page.wait_for_selector(STANDS_STILL, timeout=60_000)
        return page

    return go
