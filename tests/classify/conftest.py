"""A little of the labelled data, to learn from in a test."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "evaluation" / "data"


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fifth of some conversations and some utterances of two languages."""
    folder = tmp_path_factory.mktemp("data")
    for part, names in {"train": ("sv-a", "en-a"), "hinted": ("sv-f", "en-e"), "utterances": ("sv-2", "en-2")}.items():
        (folder / part).mkdir()
        for name in names:
            lines = (DATA / part / f"{name}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            (folder / part / f"{name}.jsonl").write_text("".join(islice(lines, 0, 200, 5)), encoding="utf-8")
    return folder
