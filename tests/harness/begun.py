"""A data folder where Callout has begun: the server is made, and its tables are there.

To begin takes a quarter of a minute and grows with each migration: once for each state of the
migrations. A test that is about something else gets a copy.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.harness.database import fingerprint, folder


def begun(data: Path) -> None:
    """Make this empty folder one."""
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / "begun.lock", "a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder() / f"begun-{fingerprint()}"
        if not made.exists():
            begin(made)
        # As it is, owners too: the server's user is another one.
        subprocess.run(["cp", "-a", f"{made}/.", str(data)], check=True)


def begin(made: Path) -> None:
    """By the real command; it has its name when that went well."""
    for old in folder().glob("begun-*"):
        shutil.rmtree(old)
    fresh = made.with_name("begun-new")
    outside = {"DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in outside and not name.startswith("CALLOUT_")
    }
    command = [sys.executable, "-m", "callout", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=clean | {"CALLOUT_DATA": str(fresh)}, check=True)
    (fresh / "ballast").unlink()  # made again at the next start, where there is room for it
    fresh.rename(made)
