"""A backup made, while everything goes on: one snapshot of the database, and the files it names.

An attachment's bytes are in the folder before its row is, and stay: whatever a snapshot names can
be copied after it. A file has its name when it is whole and on disk; half a backup has none.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

import callout
from callout.backup import form, keys, tables
from callout.customers.imports.keeping import sent_read
from callout.kernel import clock, links
from callout.kernel.errors import CalloutError, Refused
from callout.orders.files import file_path

MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
FILES = "SELECT DISTINCT sha256 FROM orders_attachment ORDER BY 1"
WAITING = (
    "SELECT user_id, sha256 FROM fieldwork_upload WHERE state IN ('receiving', 'whole') ORDER BY 1"
)
IMPORTS = (
    "SELECT id FROM customers_import WHERE state IN ('sent', 'checking', 'checked') ORDER BY 1"
)
ROOM_EVERY = 32 * 2**20  # bytes between two looks at what is free


class Ended(CalloutError):
    """Whoever does it is asked to end."""


class Making:
    """One backup on its way into an open file."""

    def __init__(self, file: IO[bytes], stopped: Callable[[], bool]) -> None:
        self.file, self.writer, self.stopped = file, form.Writer(file), stopped
        self.manifest, self.looked = form.Manifest(), 0

    def run(self) -> form.Manifest:
        """All of it, at one moment."""
        with psycopg.connect(**links.parameters(), autocommit=True) as connection:
            tables.plain(connection)
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            there = tables.columns(connection)
            self.writer.add_json(form.HEAD, head(connection, there))
            self.manifest.sequences = tables.sequences(connection)
            for table, names in there.items():
                rows = tables.Rows(connection, table, names)
                for number, piece in enumerate(rows.pieces(), 1):
                    self._add(f"tables/{table}/{number:06}.gz", piece)
                self.manifest.tables[table] = rows.sum
            self._files(connection)
            self._uploads(connection)
            self._imports(connection)
        self.writer.add_json(form.MANIFEST, self.manifest)
        self.writer.end()
        return self.manifest

    def _files(self, connection: psycopg.Connection) -> None:
        with connection.cursor("files") as cursor:
            for (sha256,) in cursor.execute(FILES):
                try:
                    data = file_path(sha256).read_bytes()  # 25 MB at most
                except FileNotFoundError:
                    self.manifest.missing.append(sha256)
                    continue
                if hashlib.sha256(data).hexdigest() != sha256:
                    self.manifest.spoilt.append(sha256)
                    continue
                self._add(f"files/{sha256}", data)
                self.manifest.files += 1
                self.manifest.bytes += len(data)

    def _uploads(self, connection: psycopg.Connection) -> None:
        """What is there of them: phones send the rest again."""
        for user, sha256 in connection.execute(WAITING).fetchall():
            folder = Path(settings.MEDIA_ROOT) / "uploads" / str(user) / sha256
            for part in sorted(folder.glob("[0-9]*")):
                try:
                    data = part.read_bytes()
                except FileNotFoundError:
                    break  # it has become an attachment meanwhile
                self._add(f"uploads/{user}/{sha256}/{part.name}", data)

    def _imports(self, connection: psycopg.Connection) -> None:
        """What a preview is still made of; what is confirmed is done from its rows."""
        for (run,) in connection.execute(IMPORTS).fetchall():
            try:
                data = sent_read(run)
            except FileNotFoundError:
                continue  # it was dropped meanwhile, or its two weeks are over
            self._add(f"imports/{run.hex}", data)

    def _add(self, name: str, data: bytes) -> None:
        if self.stopped():
            raise Ended(_("It was stopped."))
        if self.writer.size - self.looked >= ROOM_EVERY:
            self.looked = self.writer.size
            room_checked(Path(self.file.name))
        self.writer.add(name, data)


def head(connection: psycopg.Connection, there: dict[str, list[str]]) -> form.Head:
    """What is known of it before it is made."""
    migrations: dict[str, list[str]] = {}
    for app, name in connection.execute(MIGRATIONS).fetchall():
        migrations.setdefault(app, []).append(name)
    return form.Head(
        format=form.FORMAT,
        callout=callout.__version__,
        made_at=clock.now().isoformat(),
        postgresql=connection.info.server_version,
        migrations=migrations,
        columns=there,
        keys=keys.marks(),
    )


def backup_write(
    path: Path, stopped: Callable[[], bool] = lambda: False
) -> tuple[form.Manifest, int]:
    """Make a backup of everything at `path`; what is in it, and how many bytes it has.

    In place of one that is there already, once the new one is whole. Refused, and nothing changed,
    where it cannot be.
    """
    with put_in_place(path) as file:
        manifest = Making(file, stopped).run()
        size = file.tell()
    return manifest, size


@contextmanager
def put_in_place(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on disk, or leaves nothing."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        room_checked(path)
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        words = _("%(path)s cannot be written: %(why)s.")
        raise Refused(
            words % {"path": error.filename or path, "why": error.strerror}, code="unwritable"
        ) from error
    finally:
        fresh.unlink(missing_ok=True)


def room_checked(path: Path) -> None:
    """Refused where the disk that Callout itself lives on would run full."""
    folder = path.parent
    own = {os.stat(one).st_dev for one in (settings.DATA, settings.MEDIA_ROOT) if one.exists()}
    if os.stat(folder).st_dev not in own:
        return  # it may be filled to the last byte
    free = shutil.disk_usage(folder).free // 2**20
    if free < settings.MIN_FREE_MB:
        words = _("Only %(free)d MB are free in %(folder)s, the disk that Callout itself needs.")
        raise Refused(words % {"free": free, "folder": folder}, code="disk_full")
