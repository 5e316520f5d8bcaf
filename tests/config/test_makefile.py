"""`make` says what is missing before it starts anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


def make(folder: Path, python: str, target: str = ".venv/stamps/venv") -> str:
    """What make says with this script as its Python; it must fail."""
    shutil.copy(REPO / "Makefile", folder)
    script = folder / "python"
    script.write_text(f"#!/bin/sh\n{python}\n")
    script.chmod(0o755)
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(["make", f"PYTHON={script}", target], cwd=folder, env=clean,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode != 0
    assert not (folder / ".venv").exists()
    return done.stderr


def test_an_old_python_is_said(tmp_path: Path) -> None:
    words = make(tmp_path, '[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1')
    assert "needs Python 3.11 or newer" in words
    assert "Python 3.9.2" in words


def test_without_ensurepip_the_package_to_install_is_named(tmp_path: Path) -> None:
    """As Debian's bare python3."""
    words = make(tmp_path, """
        case "$2" in
            *version_info\\ *) exit 0 ;;
            *ensurepip*) exit 1 ;;
            *print*) echo python3.11-venv ;;
        esac""")  # fmt: skip
    assert "apt-get install python3.11-venv" in words


@pytest.mark.wide
@pytest.mark.parametrize(
    "target",
    ["demo", "demo-reset", "test-fast", "test", "test-long", "lint", "format", "bench", "build"],
)
def test_help_lists_the_target(target: str) -> None:
    done = subprocess.run(["make", "help"], cwd=REPO, capture_output=True, text=True, check=True)
    assert f"  make {target} " in done.stdout
