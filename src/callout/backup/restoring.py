"""A backup brought back, in one transaction: all of it is there afterwards, or nothing is changed.

The tables are made by the migrations that the backup names, so that there is one description of
them. Rows are loaded as the owner, who is no superuser (away.py), and summed on their way in. The
connection `default` is the owner's meanwhile (config/ownership.py).
"""

import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from psycopg import sql

from callout.backup import form, keys, tables
from callout.backup.away import put_away
from callout.backup.form import damaged
from callout.backup.holding import FOLLOWERS, Held, hold
from callout.kernel import restore
from callout.kernel.disk import file_write
from callout.kernel.errors import Refused
from callout.orders.files import file_path

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
LACKING = """
SELECT count(DISTINCT sha256) FROM orders_attachment
WHERE NOT EXISTS (SELECT 1 FROM pg_temp.brought WHERE brought.sha256 = orders_attachment.sha256)
"""
# What only the old key opens, and what keeps its owner out as long as it is there.
SEALED = "DELETE FROM mfa_authenticator WHERE type IN ('totp', 'recovery_codes')"


def usable(head: form.Head, *, other_keys: bool) -> None:
    """Refused for what this Callout cannot bring back, or could not read afterwards."""
    known = MigrationExecutor(connection).loader.disk_migrations
    if any((app, name) not in known for app, names in head.migrations.items() for name in names):
        raise form.newer(head.callout)
    if head.keys.get("field") != keys.marks()["field"] and not other_keys:
        raise Refused(
            _(
                "This backup belongs to another field key: access codes of sites and second"
                " factors could not be read. Put the old key in place (field.key in the data"
                " folder, or CALLOUT_FIELD_KEY), or do without them: --other-keys."
            ),
            code="other_keys",
        )


def room_made(head: form.Head, *, replace: bool) -> None:
    """A database as the backup's was, without rows that anybody would miss.

    Refused where somebody works in it, and where it holds a company, unless that is to go.
    """
    if somebody_is_there() and not replace:
        words = _(
            "There is a company in this database. Restore into an empty one, or say --replace:"
            " then all that is in it is gone."
        )
        raise Refused(words, code="not_empty")
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, names in head.migrations.items() for name in names}
    applied = set(executor.loader.applied_migrations)
    if applied and applied != wanted:
        words = _(
            "This database is of another version than the backup. Restore into an empty database"
            " (a new data folder, or a new database)."
        )
        raise Refused(words, code="other_version")
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        if cursor.fetchone()[0]:
            words = _("Somebody is connected to this database. Stop all of Callout first.")
            raise Refused(words, code="in_use")
    if not applied:
        executor.migrate(_last(executor, wanted))


def _last(executor: MigrationExecutor, wanted: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last ones of each app: to name one before them would mean to go back to that."""
    nodes = executor.loader.graph.node_map
    followed = {
        one
        for one in wanted
        for child in nodes[one].children
        if child.key in wanted and child.key[0] == one[0]
    }
    return sorted(wanted - followed)


def somebody_is_there() -> bool:
    """Whether anybody would miss what is in the database."""
    if "accounts_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM accounts_user)"
            " OR EXISTS (SELECT 1 FROM kernel_journalentry)"
        )
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a backup brought; `held` of it is not sent."""

    manifest: form.Manifest
    held: Held | None


def load(
    file: IO[bytes], head: form.Head, *, other_keys: bool, send_waiting: bool = False
) -> Loaded:
    """Replace all rows by those of the backup; its files are put beside what is there."""
    with transaction.atomic():
        connection.ensure_connection()
        raw: psycopg.Connection = connection.connection
        tables.plain(raw)
        _same_tables(raw, head)
        loading = _Loading(raw, head)
        with put_away(raw):
            manifest = loading.run(file)
        loading.journal().settle(silent=() if send_waiting else FOLLOWERS)
        held = None if send_waiting else hold(raw)
        if other_keys and head.keys.get("field") != keys.marks()["field"]:
            raw.execute(SEALED)
    connection.close()  # what was set for loading is over with it
    return Loaded(manifest, held)


def _same_tables(raw: psycopg.Connection, head: form.Head) -> None:
    here = {table: sorted(names) for table, names in tables.columns(raw).items()}
    if here != {table: sorted(names) for table, names in head.columns.items()}:
        raise damaged(_("its tables are not those of its version."))


@dataclass(slots=True)
class _Coming:
    """The rows of one table, as far as they have come."""

    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


class _Loading:
    """One reading of the file from beginning to end, all of it against its sums."""

    def __init__(self, raw: psycopg.Connection, head: form.Head) -> None:
        self.raw, self.head = raw, head
        self.come: dict[str, _Coming] = {}
        self.arriving: restore.Arriving | None = None

    def run(self, file: IO[bytes]) -> form.Manifest:
        self._emptied()
        manifest = None
        for name, size, body in form.members(file):
            if found := form.TABLE.fullmatch(name):
                self._rows(found[1], body)
            elif found := form.FILE.fullmatch(name):
                self._file(found[1], body.read())
            elif form.UPLOAD.fullmatch(name) or form.IMPORT.fullmatch(name):
                _put(Path(settings.MEDIA_ROOT) / name, body.read())
            elif name == form.MANIFEST:
                manifest = form.manifest_from(body.read(size))
            elif name not in (form.HEAD, form.SUM):
                raise damaged(_("%(name)s does not belong in it.") % {"name": name})
        if manifest is None:
            raise damaged(_("it does not say what is in it."))
        self._compared(manifest)
        return manifest

    def _emptied(self) -> None:
        names = [*self.head.columns, *tables.ROWS_LEFT_OUT]
        there = self.raw.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)",
            [names],
        ).fetchall()
        listed = sql.SQL(", ").join(sql.Identifier(name) for (name,) in there)
        self.raw.execute(sql.SQL("TRUNCATE {}").format(listed))
        self.raw.execute("CREATE TEMPORARY TABLE brought (sha256 text) ON COMMIT DROP")

    def journal(self) -> restore.Arriving:
        """The journal on its way; after the positions of its followers, as the tables' order is."""
        if self.arriving is None:
            if restore.POSITIONS not in self.come:
                raise damaged(_("its tables are not in their order."))
            self.arriving = restore.Arriving(connection, self.head.columns[restore.JOURNAL])
        return self.arriving

    def _rows(self, table: str, body: IO[bytes]) -> None:
        """One piece of a table's rows. They are here at once for everybody (FREEZE), or never."""
        names = self.head.columns.get(table)
        if names is None:
            raise damaged(_("%(name)s does not belong in it.") % {"name": table})
        journal = self.journal() if table == restore.JOURNAL else None
        coming = self.come.setdefault(table, _Coming())
        unpacker = zlib.decompressobj(wbits=31)
        try:
            with self.raw.cursor() as cursor:
                with cursor.copy(tables.copying(table, names, "FROM STDIN (FREEZE)")) as copy:
                    while data := body.read(2**16):
                        part = unpacker.decompress(data)
                        coming.digest.update(part)
                        copy.write(journal.taken(part) if journal else part)
                coming.rows += cursor.rowcount
        except (zlib.error, psycopg.DataError, psycopg.IntegrityError) as error:
            words = _("the rows of %(name)s cannot be read.")
            raise damaged(words % {"name": table}) from error

    def _file(self, sha256: str, data: bytes) -> None:
        if hashlib.sha256(data).hexdigest() != sha256:
            words = _("the bytes of the attachment %(name)s are not its own.")
            raise damaged(words % {"name": sha256})
        _put(file_path(sha256), data)
        self.raw.execute("INSERT INTO pg_temp.brought VALUES (%s)", [sha256])

    def _compared(self, manifest: form.Manifest) -> None:
        """What the database took is what the other one had given."""
        for table in self.head.columns:
            told, come = manifest.tables.get(table), self.come.get(table)
            if come is None or form.TableSum(come.rows, come.digest.hexdigest()) != told:
                words = _("the rows of %(name)s are not those that were written.")
                raise damaged(words % {"name": table})
        lacking = self.raw.execute(LACKING).fetchone()
        if lacking is None or lacking[0] != len(manifest.missing) + len(manifest.spoilt):
            raise damaged(_("an attachment that its rows name is not in it."))
        self._counting_on(manifest.sequences)

    def _counting_on(self, sequences: dict[str, tuple[int, bool]]) -> None:
        there = tables.sequences(self.raw)
        for name, (last, called) in sequences.items():
            if name not in there or not 1 <= last < 2**63:
                raise damaged(_("%(name)s does not belong in it.") % {"name": name})
            self.raw.execute("SELECT setval(quote_ident(%s), %s, %s)", [name, last, called])


def _put(path: Path, data: bytes) -> None:
    """Unless it is there already, whole."""
    if not path.exists() or path.stat().st_size != len(data) or path.read_bytes() != data:
        file_write(path, data)
