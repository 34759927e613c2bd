"""What is shipped: a wheel of exactly six packages that installs into an empty environment and runs."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = {"api", "classify", "dashboard", "ingest", "insights", "models"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*build, str(folder), str(ROOT)], check=True)
    return next(folder.glob("tydlig-*.whl"))


def test_the_wheel_ships_exactly_six_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top_level = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in top_level if not name.endswith(".dist-info")} == SHIPPED


def test_the_wheel_brings_weights_migrations_labels_and_sample(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for needed in ("classify/weights/tagger/", "classify/weights/redaction/", "models/migrations/versions/0001",
                   "ingest/sample/files/", "dashboard/app.py"):  # fmt: skip
        assert any(name.startswith(needed) for name in names), needed


def needs_of(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        told = message_from_bytes(archive.read(name))
    return [need for need in told.get_all("Requires-Dist", []) if "extra ==" not in need]


def test_the_wheel_installs_into_an_empty_environment_and_runs(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    install = [tmp_path / "empty" / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run([*install, "--no-deps", wheel], check=True, cwd=tmp_path)
    # All but torch, whose hundreds of megabytes only the full tagger needs, and only once it reads.
    needed = [name for name in needs_of(wheel) if not name.startswith("torch")]
    subprocess.run(
        [*install, "--constraint", ROOT / "requirements.lock", *needed], check=True, cwd=tmp_path, timeout=400
    )
    run = subprocess.run(
        [tmp_path / "empty" / "bin" / "tydlig", "--help"], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert "import" in run.stdout
    assert "demo" in run.stdout
    (tmp_path / "in.jsonl").write_text('{"id": "a", "turns": [{"text": "Why is my bill so high?"}]}', encoding="utf-8")
    tag = [tmp_path / "empty" / "bin" / "tydlig", "tag", "in.jsonl", "--tagger", "fast"]
    assert '"id":"a"' in subprocess.run(tag, check=True, cwd=tmp_path, capture_output=True, text=True).stdout
