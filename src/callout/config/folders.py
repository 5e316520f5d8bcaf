"""Where the data folder and the socket are, and the keys that are made once."""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def default_data_folder() -> Path:
    """/var/lib/callout for root, else the user's own data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/callout")
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "callout"


def long_key() -> str:
    """A random text that is 64 characters long."""
    return base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()


def push_key() -> str:
    """A private key of the curve P-256, as tools for web pushes write it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def push_key_read(value: str) -> str:
    """ValueError unless it is such a key."""
    from cryptography.hazmat.primitives.asymmetric import ec

    raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    if len(raw) != 32:
        raise ValueError(value)
    ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    return value


def key_once(folder: Path, name: str, make: Callable[[], str] = long_key) -> str:
    """Read the key, or make it: whoever links it first wins, and it is never half written."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{name}.{os.getpid()}"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(make())
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
