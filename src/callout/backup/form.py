"""The file of a backup: a tar that any `tar` opens, and that says of itself that it is whole.

    callout.json                  what it is: versions, migrations, tables and their columns
    tables/NAME/000001.gz ...     the rows, as COPY writes them, in pieces
    files/HASH                    attachments, by the hash of their bytes
    uploads/USER/HASH/PART        what phones were still sending
    imports/ID                    tables that were sent and are not confirmed
    manifest.json                 rows and sums of each table, sequences, what was missing
    SHA256                        the sum of all that stands before it

The last 2048 bytes are the sum and nothing else, so that one that was cut off, or in which one
byte is another, is known before anything of it is believed.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from callout.kernel.errors import Refused

FORMAT = 2  # since 2 with imports
HEAD, MANIFEST, SUM = "callout.json", "manifest.json", "SHA256"
TAIL = 2048
PIECE = 8 * 2**20
BIGGEST = 256 * 2**20  # of a member; none that is written here comes near
TABLE = re.compile(r"tables/([a-z0-9_]{1,63})/[0-9]{6,9}\.gz")
FILE = re.compile(r"files/([0-9a-f]{64})")
IMPORT = re.compile(r"imports/[0-9a-f]{32}")
UPLOAD = re.compile(r"uploads/[0-9a-f-]{36}/[0-9a-f]{64}/[0-9]{1,4}")


def damaged(what: str) -> Refused:
    """It is not what was written, and none of it is used."""
    words = _("This backup is damaged: %(what)s Nothing of it was used; take another one.")
    return Refused(words % {"what": what}, code="damaged_backup")


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup is. `migrations` by app, in the order in which they were applied; `keys` are
    marks by which a key is known again, and tell nothing of it."""

    format: int
    callout: str
    made_at: str
    postgresql: int
    migrations: dict[str, list[str]]
    columns: dict[str, list[str]]
    keys: dict[str, str]


@dataclass(slots=True)
class TableSum:
    """The rows of a table, and the sum of their bytes."""

    rows: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What is in it, told when all of it is."""

    tables: dict[str, TableSum] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)  # hashes of attachments that were not there
    spoilt: list[str] = field(default_factory=list)  # whose bytes were not theirs any more

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())


class Writer:
    """Writes the members one after the other; of none of them is more than a piece in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def add(self, name: str, data: bytes) -> None:
        """One member."""
        self._write(_header(name, len(data)))
        self._write(data + bytes(-len(data) % 512))

    def add_json(self, name: str, what: object) -> None:
        """A dataclass, to be read by people too."""
        self.add(name, json.dumps(asdict(what), indent=1).encode())  # type: ignore[call-overload]

    def end(self) -> None:
        """The sum, and the end of the tar."""
        self.file.write(_tail(self.digest.hexdigest()))
        self.size += TAIL

    def _write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)


def _header(name: str, size: int) -> bytes:
    one = tarfile.TarInfo(name)
    one.size, one.mode = size, 0o600
    return one.tobuf(tarfile.GNU_FORMAT)


def _tail(digest: str) -> bytes:
    text = digest.encode()
    return (_header(SUM, len(text)) + text).ljust(TAIL, b"\0")


def sum_checked(file: IO[bytes]) -> None:
    """Refused unless all of it is there, byte for byte. Reads it once."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size < TAIL:
        raise damaged(_("it is cut off."))
    digest = hashlib.sha256()
    left = size - TAIL
    while left:
        data = file.read(min(left, PIECE))
        if not data:
            raise damaged(_("it is cut off."))
        digest.update(data)
        left -= len(data)
    tail = file.read(TAIL)
    if tail[:512] != _header(SUM, 64):
        raise damaged(_("it is cut off, or is no backup of Callout."))
    if tail != _tail(digest.hexdigest()):
        raise damaged(_("its bytes are not those that were written."))
    file.seek(0)


def members(file: IO[bytes]) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and bytes of each member, from where the file stands; none is kept."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            while (one := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined]  # else it remembers all of them
                # Whoever writes one by hand may also write a link, or a size that there is not.
                plain = one.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not one.issparse()
                body = tar.extractfile(one) if plain else None
                if body is None or not 0 <= one.size <= BIGGEST:
                    raise damaged(_("%(name)s is no file.") % {"name": one.name})
                yield one.name, one.size, body
    except (tarfile.TarError, EOFError) as error:
        raise damaged(_("it cannot be read.")) from error


def head_of(file: IO[bytes]) -> Head:
    """What the first member says; the file is back at its beginning afterwards."""
    for name, size, body in members(file):
        if name != HEAD or size > PIECE:
            break
        head = _head_from(body.read())
        file.seek(0)
        return head
    raise damaged(_("it does not say what it is."))


def manifest_from(data: bytes) -> Manifest:
    """What was written down of it."""
    with _understood():
        found = Manifest(**json.loads(data))
        told: dict[str, Any] = dict(found.tables)
        found.tables = {name: TableSum(**one) for name, one in told.items()}
        if any([type(one) for one in pair] != [int, bool] for pair in found.sequences.values()):
            raise TypeError
        _texts(found.missing, found.spoilt)
        return found


def _head_from(data: bytes) -> Head:
    with _understood():
        said = json.loads(data)
        if said["format"] > FORMAT:
            raise newer(str(said["callout"]))
        head = Head(**said)
        _texts(head.keys.values(), *head.migrations.values(), *head.columns.values())
        return head


@contextmanager
def _understood() -> Iterator[None]:
    """Whatever is not as it would have been written here, in words."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged(_("it does not say what it is.")) from error


def _texts(*lists: Iterable[Any]) -> None:
    """TypeError where one of them holds anything else."""
    if not all(isinstance(one, str) for texts in lists for one in texts):
        raise TypeError


def newer(version: str) -> Refused:
    """It was made by a Callout that knows more than this one."""
    words = _("This backup was made by a newer Callout (%(version)s). Install that one first.")
    return Refused(words % {"version": version}, code="newer_backup")


def opened(path: Path) -> IO[bytes]:
    """The file, or in words why it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        words = _("%(path)s cannot be read: %(why)s.")
        raise Refused(words % {"path": path, "why": error.strerror}, code="unreadable") from error
