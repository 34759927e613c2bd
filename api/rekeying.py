"""``tydlig key rotate``: another key over everything that is stored."""

from __future__ import annotations

from api.database import TROUBLE, Unavailable, open_database
from api.settings import Settings
from api.terminal import progress, stdout
from ingest.privacy.key import rotate, rows_to_renew


def rotate_and_report(settings: Settings) -> None:
    """Rotate the key and say what is to be done now; raises ``Unavailable`` where an import is in the way."""
    engine, _ = open_database(settings)
    with progress() as bars:
        bar = bars.add_task("Hashing anew", total=rows_to_renew(engine))
        try:
            overwritten = rotate(engine, settings.key_file, lambda rows: bars.advance(bar, rows))
        except TROUBLE as error:
            raise Unavailable(error) from None
    engine.dispose()
    stdout.print(f"{settings.key_file} has a new layer. Back it up, and start tydlig serve again.", soft_wrap=True)
    if not overwritten:
        why = "Old hashes still stand in freed places of the database's file, because other programs have it open"
        stdout.print(f"{why}: stop them and rotate once more.", soft_wrap=True)
