"""What the command line shows: progress and faults go to stderr, results to stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

stdout = Console()
stderr = Console(stderr=True, highlight=False)


def progress() -> Progress:
    """A bar for each task, gone when done; silent where stderr is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )


@contextmanager
def counting(task: str) -> Iterator[Callable[[int], None]]:
    """A bar for a task whose end is not known; gives what to call with the number of things that were done."""
    with progress() as bars:
        yield partial(bars.advance, bars.add_task(task, total=None))
