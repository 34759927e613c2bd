"""Every error that Tydlig raises on purpose: one short tree, each carrying the data its message is made of."""

from __future__ import annotations


class TydligError(Exception):
    """Something the user can mend. The message says what is wrong and what to do, and holds no personal data."""


class BadInput(TydligError):
    """A file, or one place in it, cannot be read.

    ``line`` is the 1-based line, row or item number, ``None`` where the file as a whole is meant.
    """

    def __init__(self, file: str, problem: str, remedy: str, line: int | None = None) -> None:
        self.file, self.problem, self.remedy, self.line = file, problem, remedy, line
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {problem}. {remedy}")


class UnknownFileKind(BadInput):
    """No reader recognises the file's content."""


class NotFound(TydligError):
    """What was asked for does not exist in this organisation."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(f"There is no {kind} {key!r} here.")


class BadSetting(TydligError):
    """A setting is missing or makes no sense."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.name, self.problem, self.remedy = name, problem, remedy
        super().__init__(f"{name}: {problem}. {remedy}")
