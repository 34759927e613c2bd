"""Stopwatch and scales: things that are compared are measured in turn, and every figure has its spread."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from timeit import timeit
from typing import NamedTuple

LONG_ENOUGH = 0.3  # seconds; what takes less is done several times in a row
# A small process in between asks for the peak: a child started directly is charged with what this one holds.
SCALES = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Spread(NamedTuple):
    """Median of ``n`` measurements, the least and the greatest of them."""

    median: float
    low: float
    high: float
    n: int

    def per(self, count: int) -> Spread:
        return self._replace(median=self.median / count, low=self.low / count, high=self.high / count)

    def rate(self, count: int) -> Spread:
        """How many a second, if ``count`` took this long."""
        return Spread(count / self.median, count / self.high, count / self.low, self.n)

    def shown(self, digits: int = 3) -> dict[str, float | str]:
        """Cells of a table, rounded to a number of significant digits."""
        low, high = significant(self.low, digits), significant(self.high, digits)
        return {"median": significant(self.median, digits), "least – most": f"{low:g} – {high:g}"}


def significant(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}")


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values), len(values))


def alternate(tasks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Spread]:
    """Seconds of one call of each task. They take turns, A B then B A, so that a busy minute befalls all alike."""
    names = list(tasks)
    calls = {name: max(1, round(LONG_ENOUGH / seconds(tasks[name]))) for name in names}  # the first call warms up
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            taken[name].append(seconds(tasks[name], calls[name]))
        progress(f"  {turn + 1} of {rounds}: " + ", ".join(f"{name} {taken[name][-1]:.3g} s" for name in names))
    return {name: spread(values) for name, values in taken.items()}


def seconds(task: Callable[[], object], calls: int = 1) -> float:
    """Seconds of one call, the mean of ``calls`` in a row. No garbage is collected meanwhile, as always with
    :mod:`timeit`: how much there is to look through is a matter of what else this process holds."""
    gc.collect()
    return timeit(task, number=calls) / calls


class Weighed(NamedTuple):
    megabytes: float  # the most that was held at once
    said: str


def weigh(command: Sequence[str]) -> Weighed:
    """Run a command and see how much memory it takes; raises CalledProcessError where it fails."""
    answer = subprocess.run([sys.executable, "-c", SCALES, *command], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (commands of our own)
    said, _, kilobytes = answer.stdout.rstrip().rpartition("\n")
    return Weighed(int(kilobytes) * 1024 / 1e6, said)


def progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
