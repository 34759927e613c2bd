"""Lines and items that could not be read, told on stderr."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_FAULTS = 20


@dataclass
class FaultList:
    """Shows the first faults one a line, counts the others, and says at the end how many there were."""

    count: int = 0

    def add(self, fault: str) -> None:
        self.count += 1
        if self.count <= SHOWN_FAULTS:
            _show(fault)

    def close(self) -> None:
        if self.count > SHOWN_FAULTS:
            _show(f"… and {self.count - SHOWN_FAULTS:,} more")


def _show(line: str) -> None:
    from api.terminal import stderr  # its library takes a while to load, and few files hold a fault

    stderr.print(line, style="red", markup=False, soft_wrap=True)
