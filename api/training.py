"""``tydlig train``: learns new weights from labelled conversations."""

from __future__ import annotations

from pathlib import Path

from api.terminal import progress, stdout
from classify.training import train
from classify.training.fit_full import train_full
from classify.training.redaction import train_names


def train_and_report(data: Path, weights: Path, encoder: str | None) -> None:
    with progress() as bars:
        bar = bars.add_task("Reading", total=1)

        def show(what: str, share: float) -> None:
            bars.update(bar, description=what.capitalize(), completed=share)

        words = train(data, weights / "tagger", show)
        train_full(data, weights / "tagger", words, show, encoder)
        train_names(data / "train", weights / "redaction", show)
    stdout.print(f"The weights are in {weights}.", markup=False, soft_wrap=True)
