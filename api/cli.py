"""The command line ``tydlig``. Commands are thin; what is heavy is imported only by the command that needs it."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from models.errors import TydligError
from models.privacy import DataClass
from models.tags import TaggerName


class Commands(TyperGroup):
    """Whatever goes wrong reaches the user as one line on stderr and exit code 1, never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except TydligError as error:
            _fail(str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            _fail(f"{error.filename or 'The system'}: {error.strerror or type(error).__name__}")
        except Exception as error:  # a fault of ours: its place, never its message
            _fail(_place_of(error))


def end_with(error: BaseException) -> NoReturn:
    """End as every command does in which ``error`` comes up."""

    def fail() -> None:
        raise error

    sys.exit(Commands(callback=fail, invoke_without_command=True, rich_markup_mode=None).main(args=[]))


def _fail(message: str) -> None:
    typer.secho(f"Error: {message}", err=True, fg="red")
    raise typer.Exit(1)


def _place_of(error: Exception) -> str:
    """Kind and place of an error nobody expected; its message may hold what a customer said."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{Path(last.tb_frame.f_code.co_filename).name}, line {last.tb_lineno}" if last else "an unknown place"
    return f"Tydlig has a fault: {type(error).__name__} in {place}. Please report these words; they hold no data."


app = typer.Typer(
    cls=Commands,
    help="Finds what about your invoices makes customers call, and what mending it is worth.",
    epilog="Settings are read from TYDLIG_… variables; README.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(database, name="db")
key = typer.Typer(help="Look after the key that numbers are hashed with.", no_args_is_help=True)
app.add_typer(key, name="key")


def _configured_tagger() -> TaggerName:
    from api.settings import load_settings

    return load_settings().tagger


def _show_version(wanted: bool) -> None:
    if wanted:
        from api.version import VERSION

        typer.echo(f"tydlig {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


TaggerOption = Annotated[
    TaggerName | None,
    typer.Option(help="fast, full, or cascade: full where fast is unsure. [default: TYDLIG_TAGGER, cascade]"),
]


@app.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, or folders of files.", exists=True)],
) -> None:
    """Import conversations, invoices, payments, templates.

    What a file holds is seen from its content. Personal data is taken out before anything is stored. What is known
    already is left as it is, so a file can be imported again. Exits 1 where anything was refused.
    """
    from api.importing import import_and_report
    from api.settings import load_settings

    if not import_and_report(load_settings(), paths):
        raise typer.Exit(1)


@app.command()
def tag(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One conversation a line; - reads stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write; - writes to stdout.")] = Path("-"),
    tagger: TaggerOption = None,
    tags_only: Annotated[
        bool, typer.Option("--tags-only", help="Leave the turns out, and with them the work of redacting them.")
    ] = False,
) -> None:
    """Tag conversations in a file; nothing is stored.

    Each line of IN is an object with "id" and "turns"; each line of the output holds the reasons, the parts of the
    invoice, the payment step, the evidence, and the turns without personal data. Lines that cannot be read are
    reported, the others are tagged, and the exit code is 1.
    """
    from api.tagfile import tag_file

    if not tag_file(source, output, tagger or _configured_tagger(), tags_only):
        raise typer.Exit(1)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Labelled conversations.", exists=True)],
    tagger: TaggerOption = None,
) -> None:
    """Show how often the tags are right.

    Tags labelled conversations ("gold" beside "id" and "turns") and compares, over all and per language and channel.
    """
    from api.evaluating import evaluate_and_report

    evaluate_and_report(gold, tagger or _configured_tagger())


@app.command()
def train(
    data: Annotated[
        Path, typer.Argument(help="Folder with train/, hinted/ and utterances/.", exists=True, file_okay=False)
    ],
    weights: Annotated[Path, typer.Option(help="Folder to write the weights to.", file_okay=False)],
) -> None:
    """Train the models on labelled conversations.

    Takes about two hours on two cores. TYDLIG_ENCODER names another encoder to grow the full tagger from.
    """
    from api.settings import load_settings
    from api.training import train_and_report

    train_and_report(data, weights, load_settings().encoder)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to answer on. [default: TYDLIG_API_HOST, 127.0.0.1]")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port. [default: TYDLIG_API_PORT, 8000]", min=1, max=65535)] = None,
) -> None:
    """Start the HTTP API.

    Its documentation is at /docs. Without TYDLIG_API_KEY it answers this machine alone.
    """
    from api.servers import serve_api
    from api.settings import load_settings

    given = {"api_host": host, "api_port": port}
    settings = load_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    serve_api(settings)


@app.command()
def retention(
    data: Annotated[DataClass | None, typer.Argument(help="The class of data to set days for.")] = None,
    days: Annotated[str | None, typer.Argument(metavar="[DAYS|keep]", help="Days, or keep.")] = None,
) -> None:
    """Show or set how many days data is kept.

    words: what was said. numbers: hashes that lead from a conversation to a customer or an invoice, and its id.
    invoices: hashes and lines of invoices, references of payments. When the days are over they are purged, and every
    figure stays as it was. Days count from the contact, the issue of the invoice, the booking of the payment.
    """
    from api.purging import show_or_set_retention
    from api.settings import load_settings

    if data is not None and days is None:
        raise typer.BadParameter("Say for how many days, or keep.", param_hint="DAYS")
    show_or_set_retention(load_settings(), data, days)


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Purge what outlived its days.

    "tydlig serve" does so once a day by itself. Figures stay as they were.
    """
    from api.purging import purge_and_report
    from api.settings import load_settings

    purge_and_report(load_settings(), dry_run=dry_run)


@app.command()
def erase(
    customer: Annotated[str | None, typer.Option(help="Customer number, as on the invoices.")] = None,
    conversation: Annotated[str | None, typer.Option(help="The id that the conversation was imported with.")] = None,
) -> None:
    """Erase a customer or a conversation.

    Takes out words, ids and hashes for good, also from files that are imported again. Figures stay as they were. It is
    recorded when and how much was erased, and not whose it was.
    """
    from api.erasing import erase_and_report
    from api.settings import load_settings

    erase_and_report(load_settings(), customer, conversation)


@app.command()
def review(
    reviewer: Annotated[str, typer.Option(help="Who reviews: a team's name will do.")],
    size: Annotated[int, typer.Option("-n", help="How many conversations.", min=1, max=50)] = 5,
) -> None:
    """Look through redacted conversations for personal data that was left.

    Conversations are drawn by chance; each placeholder is shown with its kind, how sure it is, and why. What you mark
    gives way to a placeholder at once. At the end: in how many turns something was left, over all reviews.
    """
    from api.reviewing import review_and_report
    from api.settings import load_settings

    review_and_report(load_settings(), reviewer, size)


@app.command()
def dashboard() -> None:
    """Start the dashboard.

    It asks the API for everything: start that first, with "tydlig serve". TYDLIG_DASHBOARD_PORT sets its port.
    """
    from api.servers import serve_dashboard
    from api.settings import load_settings

    serve_dashboard(load_settings())


@app.command()
def demo() -> None:
    """Show the product with a sample company.

    Creates the database, imports the sample company's files as "tydlig import" would, starts API and dashboard, and
    prints where they are. Ctrl-C stops both. A second time nothing is imported again.
    """
    from api.demo import run_demo
    from api.settings import load_settings

    run_demo(load_settings())


@database.command()
def upgrade() -> None:
    """Create the database or bring it up to date."""
    from api.database import open_database
    from api.settings import load_settings

    engine, _ = open_database(load_settings())
    engine.dispose()
    typer.echo("The database is up to date.")


@key.command()
def rotate() -> None:
    """Rotate the key, for example because somebody may have seen it.

    Lays a new layer over all that is stored and over the key file; who knows the old key alone can test no number any
    more. Nothing is lost and every figure stays. Stop "tydlig serve" first, and back the key file up afterwards.
    """
    from api.rekeying import rotate_and_report
    from api.settings import load_settings

    rotate_and_report(load_settings())


if __name__ == "__main__":
    app()
