"""An import that is killed leaves nothing of the file behind, and two at once store nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ingest.pipeline import Progress
from models.stored import ImportSummary
from models.tables import InvoiceRow
from tests.ingest.conftest import Importer
from tests.ingest.written import register

ROOT = Path(__file__).parents[2]
INVOICES = 2500
"""More than are stored at once, so that some are written when the rest is not yet read."""

# Imports a file and stops for good in the middle of it, after telling so.
HELD = """
import sys, time
from pathlib import Path
from ingest.hashing import ReferenceHasher
from ingest.pipeline import Tools, import_paths
from models.database import make_engine
from tests.ingest.stand_ins import MarkRedactor, WordTagger

def hold(progress):
    print(progress.items, flush=True)
    time.sleep(600)

url, organisation, path = sys.argv[1:]
tools = Tools(WordTagger(), MarkRedactor(), ReferenceHasher(b"k" * 32))
import_paths(make_engine(url), int(organisation), [Path(path)], tools, hold)
"""


def many(importer: Importer) -> Path:
    return importer.path("register.csv", register(*({"number": f"F{number}"} for number in range(INVOICES))))


def test_of_a_killed_import_nothing_is_stored_and_the_next_one_completes(importer: Importer) -> None:
    file, before = many(importer), importer.content()
    url = importer.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HELD, url, str(importer.organisation_id), str(file)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert 0 < int(process.stdout.readline()) < INVOICES
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert importer.content() == before
    (summary,) = importer(file)
    assert (summary.imported, summary.duplicates) == (INVOICES, 0)
    assert len(importer.rows(InvoiceRow)) == INVOICES


def test_a_second_import_at_the_same_time_waits_and_stores_nothing_twice(importer: Importer) -> None:
    file = many(importer)
    second: list[Future[list[ImportSummary]]] = []
    with ThreadPoolExecutor(1) as pool:

        def start_another(progress: Progress) -> None:
            if not second:
                second.append(pool.submit(importer, file))

        (first,) = importer(file, on_progress=start_another)
        (other,) = second[0].result()
    assert (first.imported, first.duplicates) == (INVOICES, 0)
    assert (other.imported, other.duplicates) == (0, INVOICES)
    assert len(importer.rows(InvoiceRow)) == INVOICES
