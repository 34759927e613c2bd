"""Purges by command, and once a day beside the API."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from rich.table import Table

from api.database import TROUBLE, Unavailable, open_database
from api.settings import Settings
from api.terminal import progress, stdout
from ingest.privacy.key import open_hasher
from ingest.privacy.purge import Busy, due, purge
from ingest.privacy.retention import KEEP_ALL, retention, set_retention
from models.database import transaction
from models.errors import BadSetting, TydligError
from models.privacy import DataClass, Retention
from models.tables import OrganisationRow

log = logging.getLogger("tydlig.purge")

DAY = 24 * 3600.0
BUSY_AGAIN = 600.0
KEEP = "keep"


class ImportRuns(TydligError):
    def __init__(self) -> None:
        super().__init__("An import is being stored just now. Purge again when it is done; what was purged stays so.")


def show_or_set_retention(settings: Settings, data_class: DataClass | None, days: str | None) -> None:
    """Show the days of each class, after setting those of one; raises ``BadSetting``."""
    engine, organisation_id = open_database(settings)
    with transaction(engine) as session:
        if data_class is not None and days is not None:
            set_retention(session, organisation_id, {data_class: _days(days)})
        rules = retention(session.get_one(OrganisationRow, organisation_id))
    engine.dispose()
    stdout.print(_table(rules))


def keep_all(settings: Settings) -> None:
    """For the sample company, whose people are invented and whose calls lie in the past."""
    engine, organisation_id = open_database(settings)
    with transaction(engine) as session:
        set_retention(session, organisation_id, KEEP_ALL)
    engine.dispose()


def _days(given: str) -> int | None:
    if given == KEEP:
        return None
    if not given.isdecimal():
        raise BadSetting("retention", f"{given!r} is no number of days", f"Give days, or {KEEP}.")
    return int(given)


def _table(rules: list[Retention]) -> Table:
    table = Table("Data", "Days", "Set by")
    for rule in rules:
        days = KEEP if rule.days is None else f"{rule.days:,}"
        table.add_row(rule.data_class, days, "default" if rule.is_default else "you")
    return table


def purge_and_report(settings: Settings, *, dry_run: bool) -> None:
    """Purge what outlived its days, or count it; raises ``ImportRuns`` where an import is in the way."""
    engine, organisation_id = open_database(settings)
    now, table = datetime.now(UTC), Table("Data", "Days", "Would go" if dry_run else "Gone")
    with transaction(engine) as session:
        found = due(session, session.get_one(OrganisationRow, organisation_id), now)
    rows = {each.data_class: len(each.ids) + len(each.payments) for each in found}
    if not dry_run:
        with progress() as bars:
            bar = bars.add_task("Purging", total=sum(rows.values()))
            try:
                done = purge(
                    engine, organisation_id, open_hasher(engine, settings.key_file), now, lambda n: bars.advance(bar, n)
                )
            except Busy:
                raise ImportRuns from None
            except TROUBLE as error:
                raise Unavailable(error) from None
        rows = dict.fromkeys(rows, 0) | {each.data_class: each.rows for each in done}
    for each in found:
        table.add_row(each.data_class, f"{each.days:,}", f"{rows[each.data_class]:,}")
    engine.dispose()
    stdout.print(table)


@contextmanager
def purging_daily(settings: Settings) -> Iterator[None]:
    """While it lasts, purge now and once a day, in a thread of its own; what is busy is tried again soon."""
    stopped = Event()
    thread = Thread(target=_purge_until, args=(settings, stopped), name="purge", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=5)


def _purge_until(settings: Settings, stopped: Event) -> None:
    wait = 0.0
    while not stopped.wait(wait):
        try:
            wait = DAY if _purge_once(settings) else BUSY_AGAIN
        except Exception as error:  # the purge goes on tomorrow, whatever befell it today; a message may hold data
            log.error("The purge failed (%s) and is tried again.", type(error).__name__)
            wait = BUSY_AGAIN


def _purge_once(settings: Settings) -> bool:
    """Whether all that was due is gone, from the files too."""
    engine, organisation_id = open_database(settings)
    try:
        done = purge(engine, organisation_id, open_hasher(engine, settings.key_file), datetime.now(UTC))
        return all(each.finished_at for each in done)
    except (Busy, *TROUBLE):
        return False
    finally:
        engine.dispose()
