"""The documents show what works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_file_shown_in_the_documents_imports(tmp_path: Path, monkeypatch) -> None:
    shown = re.findall(r"^```(\S+\.\w+)\n(.*?)^```", (ROOT / "docs" / "files.md").read_text(), re.M | re.S)
    assert len(shown) == 4
    (tmp_path / "files").mkdir()
    for name, content in shown:
        (tmp_path / "files" / name).write_text(content)
    monkeypatch.setenv("TYDLIG_HOME", str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-m", "api.cli", "import", tmp_path / "files"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
