"""Where the data folder and the socket are, and the two keys that are made once."""

import base64
import hashlib
import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def default_data_folder() -> Path:
    """/var/lib/callout for root, else the user's own data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/callout")
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "callout"


def key_once(folder: Path, name: str) -> str:
    """Read the key, or make it: whoever links it first wins, and it is never half written."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{name}.{os.getpid()}"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(48)).decode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def socket_folder(data: Path) -> Path:
    """Where the embedded server's socket lies; a socket's path has 107 characters at most."""
    if len(str(data / "pg18")) < 85:
        return data / "pg18"
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    return Path("/tmp") / f"callout-{digest}"  # noqa: S108 - its owner is checked before use


def closed_parent(folder: Path) -> Path | None:
    """The first folder on the way that other users of this machine may not pass, if any."""
    for parent in [folder, *folder.parents]:
        if parent.exists() and not parent.stat().st_mode & 0o001:
            return parent
    return None


def full_path(value: str) -> Path:
    """ValueError unless it is the full path of a folder."""
    if not Path(value).is_absolute():
        raise ValueError(value)
    return Path(value)


def time_zone(value: str) -> ZoneInfo:
    """ValueError unless it names a time zone."""
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(value) from error


def demo_folder(clone: Path) -> Path:
    """The demo's data folder: in the clone, unless root's clone is closed to the system user."""
    if os.geteuid() == 0 and closed_parent(clone):
        return Path("/var/lib/callout-demo")
    return clone / ".data"


if __name__ == "__main__":
    print(demo_folder(Path.cwd()))  # noqa: T201
