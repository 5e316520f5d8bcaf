"""A backup made and brought back in one database: what comes back, what is refused, and that a
refusal changes nothing."""

import gzip
import hashlib
import io
import json
import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from callout.accounts.models import User
from callout.backup import form, keys, restoring, tables
from callout.backup.away import put_away
from callout.backup.models import BackupRun
from callout.backup.writing import backup_write
from callout.config.ownership import as_owner
from callout.customers.imports.keeping import sent_drop, sent_read
from callout.customers.imports.making import import_send
from callout.customers.models import Customer, Import
from callout.fieldwork.models import Upload
from callout.fieldwork.services.uploads import PART, upload_part, upload_state, uploads_reopen
from callout.kernel import clock, restore
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Refused
from callout.kernel.models import Installation
from callout.orders.files import file_path
from callout.orders.models import Attachment, ServiceOrder
from callout.orders.services import attachment_add, order_create
from tests.harness.database import NAME, superuser
from tests.orders.conftest import Company, company_made

pytestmark = [pytest.mark.wide, pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("a test")
# What the database keeps itself, and what it must have again.
GUARDS = """
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes
    WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text
    FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 3
"""


@pytest.fixture
def attachment(folder: Path) -> Attachment:
    """An order with one file."""
    company = company_made()
    order = company.order()
    return attachment_add(actor=SYSTEM, order_id=order.pk, name="a.txt", data=b"what was seen")


@pytest.fixture
def made(attachment: Attachment, folder: Path) -> Path:
    """A backup of it."""
    backup_write(folder / "one.tar")
    return folder / "one.tar"


def brought_back(path: Path, **more: Any) -> form.Manifest:
    """As the command does it, but for what it asks before."""
    with path.open("rb") as file:
        form.sum_checked(file)
        head = form.head_of(file)
        with as_owner():
            restoring.usable(head, other_keys=more.get("other_keys", False))
            other_keys = more.get("other_keys", False)
            return restoring.load(file, head, other_keys=other_keys).manifest


def forged(path: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The same backup with one member changed, or without it, and with a sum that agrees."""
    other = path.with_name("forged.tar")
    with path.open("rb") as old, other.open("wb") as new:
        writer = form.Writer(new)
        for one, _size, body in form.members(old):
            data: bytes | None = body.read()
            if one.startswith(name) and data is not None:
                data = change(data)
            if one != form.SUM and data is not None:
                writer.add(one, data)
        writer.end()
    return other


def sums() -> dict[str, form.TableSum]:
    """All rows there are."""
    with superuser(NAME) as connection:
        tables.plain(connection)
        there = tables.columns(connection)
        return {table: tables.summed(connection, table, names) for table, names in there.items()}


def guards() -> list[tuple[Any, ...]]:
    with superuser(NAME) as connection:
        return connection.execute(GUARDS).fetchall()


def test_everything_comes_back_with_its_guards(made: Path, attachment: Attachment) -> None:
    before, guarded = sums(), guards()
    epoch = Installation.objects.get(pk=1).epoch if Installation.objects.exists() else None
    Customer.objects.update(name="Changed")
    file_path(attachment.sha256).unlink()
    order_create(
        actor=SYSTEM,
        customer_id=Customer.objects.values_list("pk", flat=True)[0],
        site_id=attachment.order.site_id,
        type_id=attachment.order.type_id,
        description="After the backup",
    )
    manifest = brought_back(made)
    assert manifest.files == 1
    after = sums()
    # The journal is this database's own now, and phones see by the epoch that it is another life.
    own = {"kernel_journalentry", "kernel_installation", "kernel_feedposition"}
    assert {t: s for t, s in after.items() if t not in own} == {
        t: s for t, s in before.items() if t not in own
    }
    assert after["kernel_journalentry"].rows == before["kernel_journalentry"].rows
    assert guards() == guarded
    assert file_path(attachment.sha256).read_bytes() == b"what was seen"
    if epoch is not None:
        assert Installation.objects.get(pk=1).epoch != epoch
    # It goes on: numbers after the last one, and the guards speak.
    last = ServiceOrder.objects.order_by("-number").values_list("number", flat=True)[0]
    new = order_create(
        actor=SYSTEM,
        customer_id=attachment.order.customer_id,
        site_id=attachment.order.site_id,
        type_id=attachment.order.type_id,
        description="Goes on",
    )
    assert new.number > last
    with pytest.raises(IntegrityError):
        ServiceOrder.objects.filter(pk=new.pk).update(customer_id=UUID(int=5))


def test_rows_come_in_where_no_index_is_kept_up_but_for_a_list_of_values(
    transactional_db: None,
) -> None:
    before = guards()
    with as_owner(), transaction.atomic():
        connection.ensure_connection()
        raw = connection.connection
        with put_away(raw):
            left = raw.execute(
                "SELECT pg_get_expr(i.indpred, i.indrelid) FROM pg_index i"
                " JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname = ANY(%s)",
                [list(tables.columns(raw))],
            ).fetchall()
    assert all(condition and " = ANY " in condition for (condition,) in left), left
    assert guards() == before


def test_the_journal_is_this_databases_own_and_grows_only(made: Path) -> None:
    brought_back(made)
    with superuser(NAME) as connection:
        xids = connection.execute("SELECT DISTINCT xid::text FROM kernel_journalentry").fetchall()
        assert xids == [(str(restore.BEFORE_ALL),)]
        for statement in (
            "UPDATE kernel_journalentry SET kind = 'forged'",
            "DELETE FROM kernel_journalentry",
            "TRUNCATE kernel_journalentry",
        ):
            with pytest.raises(psycopg.Error, match="the journal cannot be changed"):
                connection.execute(statement.encode())


def test_rows_that_do_not_fit_together_are_refused_by_the_guard_that_comes_back(
    made: Path,
) -> None:
    """Though every sum agrees: of each customer two, and orders of none."""
    before, guarded = sums(), guards()
    for table, change in (
        ("customers_customer", lambda rows: rows * 2),
        ("customers_site", lambda _rows: b""),
    ):
        with pytest.raises(Refused, match="do not fit together"):
            brought_back(with_rows(made, table, change))
        assert (sums(), guards()) == (before, guarded)


def with_rows(path: Path, table: str, change: Callable[[bytes], bytes]) -> Path:
    """The same backup with other rows of a table, and with sums that agree."""
    rows = b""

    def changed(data: bytes) -> bytes:
        nonlocal rows
        rows = change(gzip.decompress(data))
        return gzip.compress(rows)

    def told(data: bytes) -> bytes:
        manifest = json.loads(data)
        digest = hashlib.sha256(rows).hexdigest()
        manifest["tables"][table] = {"rows": rows.count(b"\n"), "sha256": digest}
        return json.dumps(manifest).encode()

    other = forged(path, f"tables/{table}/", changed)
    return forged(other.rename(path.with_name("once.tar")), form.MANIFEST, told)


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes | None], str]] = {
    "an attachment with other bytes": ("files/", lambda _b: b"something else", "attachment"),
    "an attachment left out": ("files/", lambda _b: None, "attachment"),
    "a row less": (
        "tables/customers_customer/",
        lambda b: gzip.compress(
            gzip.decompress(b)[: -len(gzip.decompress(b).splitlines()[-1]) - 1]
        ),
        "customers_customer",
    ),
    "another letter in a row": (
        "tables/customers_customer/",
        lambda b: gzip.compress(gzip.decompress(b).replace(b"a", b"b", 1)),
        "customers_customer",
    ),
    "no rows of a table": ("tables/orders_serviceorder/", lambda _b: None, "orders_serviceorder"),
    "what is no gzip": ("tables/customers_customer/", lambda _b: b"x" * 99, "customers_customer"),
    "what is no row": (
        "tables/customers_customer/",
        lambda _b: gzip.compress(b"not a row\n"),
        "customers_customer",
    ),
    "no manifest": ("manifest.json", lambda _b: None, "does not say"),
    "a manifest of nonsense": ("manifest.json", lambda _b: b"[1, 2", "does not say"),
    "a counter of something else": (
        "manifest.json",
        lambda b: json.dumps(json.loads(b) | {"sequences": {"pg_class": [1, True]}}).encode(),
        "pg_class does not belong",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_one_that_is_not_what_it_says_is_refused_and_changes_nothing(made: Path, how: str) -> None:
    name, change, told = SPOILT[how]
    Customer.objects.update(name="Later than the backup")
    before, guarded = sums(), guards()
    with pytest.raises(Refused, match=told) as refused:
        brought_back(forged(made, name, change))
    assert refused.value.code == "damaged_backup"
    assert (sums(), guards()) == (before, guarded)


def test_a_file_outside_its_folder_is_never_written(made: Path, folder: Path) -> None:
    evil = folder / "evil.tar"
    with made.open("rb") as old, evil.open("wb") as new:
        writer = form.Writer(new)
        for one, _size, body in form.members(old):
            if one == form.MANIFEST:
                writer.add("uploads/../../../escaped", b"x")
            if one != form.SUM:
                writer.add(one, body.read())
        writer.end()
    with pytest.raises(Refused, match="does not belong"):
        brought_back(evil)
    assert not list(folder.rglob("escaped"))


def test_one_of_a_newer_callout_is_refused(made: Path) -> None:
    with made.open("rb") as file:
        head = form.head_of(file)
    newer = replace(head, migrations=head.migrations | {"orders": ["9999_later"]})
    with pytest.raises(Refused, match="newer Callout"):
        restoring.usable(newer, other_keys=False)


def test_with_another_field_key_it_is_refused_unless_told(made: Path, settings: Any) -> None:
    settings.FIELD_KEY = "another key, which opens nothing that the old one has closed, ever"
    with pytest.raises(Refused, match="another field key"):
        brought_back(made)
    assert brought_back(made, other_keys=True).files == 1


def test_marks_of_keys_tell_the_keys_apart_and_not_what_they_are(settings: Any) -> None:
    marks = keys.marks()
    assert settings.FIELD_KEY not in str(marks)
    settings.FIELD_KEY += "x"
    assert keys.marks()["field"] != marks["field"]
    assert keys.marks()["secret"] == marks["secret"]


def test_over_a_company_it_is_refused(made: Path) -> None:
    with made.open("rb") as file:
        head = form.head_of(file)
    with as_owner(), pytest.raises(Refused, match="There is a company") as refused:
        restoring.room_made(head, replace=False)
    assert refused.value.code == "not_empty"


def test_over_a_database_of_another_version_it_is_refused(made: Path) -> None:
    with made.open("rb") as file:
        head = form.head_of(file)
    older = replace(head, migrations=head.migrations | {"orders": head.migrations["orders"][:-1]})
    with as_owner(), pytest.raises(Refused, match="another version") as refused:
        restoring.room_made(older, replace=True)
    assert refused.value.code == "other_version"


def test_while_somebody_is_connected_it_is_refused(made: Path, app_dsn: str) -> None:
    with made.open("rb") as file:
        head = form.head_of(file)
    with psycopg.connect(app_dsn), as_owner(), pytest.raises(Refused, match="Stop all of Callout"):
        restoring.room_made(head, replace=True)


def test_no_session_and_no_key_is_in_it(made: Path, settings: Any) -> None:
    with made.open("rb") as file:
        names = {name for name, _size, _body in form.members(file)}
    assert not [name for name in names if "session" in name.split("/")[1:2]]
    told = made.read_bytes()
    assert settings.FIELD_KEY.encode() not in told
    assert settings.SECRET_KEY.encode() not in told


def test_what_is_missing_is_told_loudly_and_the_rest_is_there(
    attachment: Attachment, folder: Path
) -> None:
    file_path(attachment.sha256).unlink()
    out = io.StringIO()
    with pytest.raises(CommandError, match=attachment.sha256) as refused:
        call_command("backup", str(folder / "two.tar"), stdout=out)
    assert refused.value.returncode == 3
    run = BackupRun.objects.get()
    assert (run.state, run.missing, run.files) == (BackupRun.INCOMPLETE, 1, 0)
    assert brought_back(folder / "two.tar").missing == [attachment.sha256]


def test_an_attachment_whose_bytes_have_changed_on_disk_is_not_taken_for_it(
    attachment: Attachment, folder: Path
) -> None:
    file_path(attachment.sha256).write_bytes(b"rotten")
    with pytest.raises(CommandError, match="with other bytes"):
        call_command("backup", str(folder / "two.tar"), stdout=io.StringIO())
    assert BackupRun.objects.get().missing == 1


def test_one_that_cannot_be_written_leaves_nothing_and_is_noted(
    attachment: Attachment, folder: Path
) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(folder / "nowhere" / "one.tar"))
    run = BackupRun.objects.get()
    assert (run.state, "cannot be written" in run.words) == (BackupRun.FAILED, True)


def test_on_the_disk_that_callout_lives_on_it_leaves_room(
    attachment: Attachment, folder: Path, settings: Any
) -> None:
    (folder / "one.tar").write_bytes(b"the one before")
    settings.MIN_FREE_MB = 10**9
    with pytest.raises(CommandError, match="the disk that Callout itself needs"):
        call_command("backup", str(folder / "one.tar"))
    assert (folder / "one.tar").read_bytes() == b"the one before"
    assert not list(folder.glob(".*.part"))


def test_where_the_disk_of_backups_runs_full_the_one_before_stays(made: Path, folder: Path) -> None:
    before = made.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))  # no file may grow beyond it
    try:
        with pytest.raises(CommandError, match="cannot be written: File too large"):
            call_command("backup", str(made))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert made.read_bytes() == before
    assert not list(folder.glob(".*.part"))


def test_what_a_phone_was_still_sending_comes_back_and_the_rest_is_asked_for(
    company: Company, folder: Path
) -> None:
    whole = bytes(PART) + b"rest"
    named = {"sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole)}
    upload_part(actor=company.anna, part=0, data=whole[:PART], **named)  # type: ignore[arg-type]
    backup_write(folder / "one.tar")
    shutil.rmtree(folder / "files" / "uploads")
    brought_back(folder / "one.tar")
    assert upload_state(actor=company.anna, sha256=str(named["sha256"])).held == [0]
    Upload.objects.update(state=Upload.WHOLE)  # as if it had come whole, and a part were lost
    with pytest.raises(Forbidden):
        uploads_reopen(actor=company.anna)
    assert uploads_reopen(actor=SYSTEM) == 1
    assert Upload.objects.get().state == Upload.RECEIVING
    assert uploads_reopen(actor=SYSTEM) == 0


def test_files_of_imports_that_are_not_confirmed_come_back(company: Company, folder: Path) -> None:
    runs = [
        import_send(actor=company.manager, kind="customers", file_name="t.csv", data=data)
        for data in (b"name\nNova\n", b"name\nAutre\n")
    ]
    Import.objects.filter(pk=runs[1].pk).update(state="done", confirmed_at=clock.now())
    gone = import_send(actor=company.manager, kind="sites", file_name="t.csv", data=b"name\nX\n")
    sent_drop(gone.pk)
    backup_write(folder / "one.tar")
    shutil.rmtree(folder / "files" / "imports")
    brought_back(folder / "one.tar")
    assert sent_read(runs[0].pk) == b"name\nNova\n"
    kept = [path.name for path in (folder / "files" / "imports").iterdir()]
    assert kept == [runs[0].pk.hex]


def test_users_and_their_passwords_come_back(made: Path) -> None:
    users = set(User.objects.values_list("email", "password"))
    User.objects.update(password="gone")
    brought_back(made)
    assert set(User.objects.values_list("email", "password")) == users
