"""What the command line shows: progress and faults go to stderr, results to stdout."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

SHOWN_FAULTS = 20

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


@dataclass
class FaultList:
    """Shows the first faults one a line, counts the others, and says at the end how many there were."""

    count: int = 0

    def add(self, fault: str) -> None:
        self.count += 1
        if self.count <= SHOWN_FAULTS:
            stderr.print(fault, style="red", markup=False, soft_wrap=True)

    def close(self) -> None:
        if self.count > SHOWN_FAULTS:
            stderr.print(f"… and {self.count - SHOWN_FAULTS:,} more", style="red", markup=False)
