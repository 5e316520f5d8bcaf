"""An export made, by a job: one snapshot of the database, read a little at a time into a zip.

The zip has its name when it is whole.
"""

import logging
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
from django.utils.translation import gettext as _
from django.utils.translation import override

from callout.accounts.selectors import actor_for_user, user_signed_in
from callout.backup.export.services import (
    Made,
    export_failed,
    export_made,
    export_path,
    export_progress,
)
from callout.backup.export.sheets import Sheet, sheets
from callout.backup.models import FullExport
from callout.backup.tables import plain
from callout.backup.writing import Ended, put_in_place, room_checked
from callout.kernel import links
from callout.kernel.actor import Actor
from callout.kernel.csv_out import csv_written
from callout.kernel.errors import CalloutError, Forbidden
from callout.kernel.lagging import reads_may_lag
from callout.orders.files import file_path
from callout.orders.numbers import order_number

log = logging.getLogger(__name__)

AT_ONCE = 2_000  # rows read at a time
OFTEN = 1.0  # seconds between two looks whether it is to go on
ROWS = (
    "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class WHERE relname = ANY(%s)"
)
AS_OF = """
SELECT date_trunc('second', CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp()
    ELSE now() END)::text
"""
FILES = """
SELECT o.number, a.id, a.name, a.sha256 FROM orders_attachment a
JOIN orders_serviceorder o ON o.id = a.order_id ORDER BY o.number, a.id
"""
SIGNATURES = """
SELECT o.number, s.id, 'signature.png', s.image FROM fieldwork_signature s
JOIN orders_serviceorder o ON o.id = s.order_id ORDER BY o.number, s.id
"""
READ_ME = """\
Everything that this Callout keeps, as of %(at)s.

One file in CSV for each kind of thing (UTF-8). "Id" is the mark of a thing; "Customer id" and the
like are the marks of others. Times are in UTC. A text that a spreadsheet could take for a formula
has an apostrophe in front. In files/ are the attachments and signatures by order number.

Not in it, on purpose: passwords, keys and access codes; the positions that phones sent during the
day (where a visit was ended stands with it); what this installation keeps for itself.
"""


def export_work(export_id: UUID, ended: Callable[[], bool] = lambda: False) -> None:
    """Make it, as who asked for it; say how far it is, and why it could not be. Ended, and nothing
    kept, where the worker is asked to end: another one begins anew."""
    row = FullExport.objects.select_related("made_by").filter(pk=export_id).first()
    if row is None or row.state != FullExport.MAKING:
        return
    system = Actor.system("full export")
    with override(row.made_by.language):
        try:
            _allowed(row)
            made = _Making(row, ended).run()
            if made is not None:
                export_made(actor=system, export_id=row.pk, made=made)
        except Ended:
            raise
        except CalloutError as error:
            export_failed(actor=system, export_id=row.pk, words=error.message)
        except Exception:
            words = _("Something went wrong here. Try again.")
            export_failed(actor=system, export_id=row.pk, words=words)
            raise
        finally:
            if not FullExport.objects.filter(pk=row.pk, state=FullExport.READY).exists():
                export_path(row.pk).unlink(missing_ok=True)


def _allowed(row: FullExport) -> None:
    """Whoever asked for it, as they are now."""
    user = user_signed_in(row.made_by_id)
    if user is None or not actor_for_user(user, "system").is_admin:
        raise Forbidden(_("Whoever asked for it is no admin any more."))


def file_place(number: int, file_id: UUID, name: str) -> str:
    """Where a file of an order lies in the zip: in a folder of its own, whatever an order's number
    is made to look like by the settings."""
    folder = re.sub(r"[^\w-]", "_", order_number(number))
    return f"files/{folder}/{str(file_id)[-12:]}-{name}"


class _Stopped(Exception):
    """Somebody does not want it any more."""


class _Making:
    """One export on its way."""

    def __init__(self, row: FullExport, ended: Callable[[], bool]) -> None:
        self.row, self.ended, self.path = row, ended, export_path(row.pk)
        self.made, self.told = Made(), time.monotonic()
        self.done, self.total = 0, 0

    def run(self) -> Made | None:
        """What is in it; None where it was stopped meanwhile. Of a replica where there is one, and
        from the beginning of the primary where that goes away, or ends so long a question."""
        with reads_may_lag() as lags:
            where = links.parameters()
        try:
            return self._whole(where)
        except psycopg.OperationalError as error:
            if not lags:
                raise
            log.warning("The replica did not last; the primary is exported: %s", error)
        self.made, self.done = Made(), 0
        return self._whole(links.parameters())

    def _whole(self, where: dict[str, Any]) -> Made | None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with (
                put_in_place(self.path) as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out,
                psycopg.connect(**where, autocommit=True) as connection,
            ):
                plain(connection)
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                self._all(out, connection)
        except _Stopped:
            return None
        self.made.size = self.path.stat().st_size
        return self.made

    def _all(self, out: zipfile.ZipFile, connection: psycopg.Connection) -> None:
        found = sheets()
        estimate = connection.execute(ROWS, [[one.table for one in found]]).fetchone()
        self.total = estimate[0] if estimate else 0
        stamp = connection.execute(AS_OF).fetchone()
        out.writestr("README.txt", READ_ME % {"at": stamp[0] if stamp else ""})
        for sheet in found:
            self._sheet(out, connection, sheet)
        for ask in (FILES, SIGNATURES):
            self._files(out, connection, ask)

    def _sheet(self, out: zipfile.ZipFile, connection: psycopg.Connection, sheet: Sheet) -> None:
        with connection.cursor("rows") as cursor, out.open(sheet.name, "w", force_zip64=True) as to:
            cursor.itersize = AT_ONCE
            cursor.execute(sheet.select)
            for part in csv_written(sheet.heads, self._counted(cursor)):
                to.write(part)

    def _counted(self, rows: psycopg.ServerCursor[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for count, row in enumerate(rows, 1):
            if count % AT_ONCE == 0:
                self._look()
            self.done += 1
            self.made.rows += 1
            yield row

    def _files(self, out: zipfile.ZipFile, connection: psycopg.Connection, ask: str) -> None:
        """Under the order's number; the id keeps apart what has one name. Packed already."""
        with connection.cursor("files") as cursor:
            cursor.itersize = 50
            for number, pk, name, what in cursor.execute(ask):
                self._look()
                try:
                    data = what if isinstance(what, bytes) else file_path(what).read_bytes()
                except FileNotFoundError:
                    self.made.missing += 1
                    continue
                out.writestr(file_place(number, pk, name), data, zipfile.ZIP_STORED)
                self.done += 1
                self.made.files += 1

    def _look(self) -> None:
        """Seldom: say how far it is, and see whether it is to go on and may."""
        if time.monotonic() - self.told < OFTEN:
            return
        self.told = time.monotonic()
        if self.ended():
            raise Ended(_("It was stopped."))
        room_checked(self.path)
        system = Actor.system("full export")
        total = max(self.total, self.done)
        if not export_progress(actor=system, export_id=self.row.pk, done=self.done, total=total):
            raise _Stopped
