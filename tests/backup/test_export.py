"""The full export: what is in it, what never is, whose it is, and how it ends."""

import csv
import io
import zipfile
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from callout.accounts.models import User
from callout.accounts.services import company_update, token_create
from callout.backup.export import making, services, sheets
from callout.backup.models import FullExport
from callout.backup.selectors import export_get, exports_list
from callout.backup.tasks import export_make
from callout.backup.writing import Ended
from callout.customers.models import Site
from callout.customers.services import customer_create
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.csv_out import cell_read
from callout.kernel.errors import Forbidden, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.files import file_path
from callout.orders.services import attachment_add
from tests.kernel.test_lagging import asked_anew, replica
from tests.office.conftest import Browser
from tests.orders.conftest import Company

__all__ = ["asked_anew", "replica"]

# A name like these is a secret until somebody has looked.
SUSPECT = ("pass", "secret", "token", "hash", "key", "code", "auth", "seal", "encrypt", "session")
LOOKED_AT = {
    "postcode", "postcodes", "code", "reason_code", "key_notes", "author_id",  # addresses, words
    "sha256", "seal", "seal_sha256",  # of files, and what a customer signed
}  # fmt: skip


def me(actor: Actor) -> User:
    """The user that an actor is."""
    return User.objects.get(email="els@example.com" if actor.is_manager else "eve@example.com")


def test_every_model_goes_out_or_stays_on_purpose() -> None:
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("callout.")
    }
    assert set(sheets.SHEETS) | set(sheets.LEFT_OUT) == ours
    assert not set(sheets.SHEETS) & set(sheets.LEFT_OUT)


def test_no_field_that_could_be_a_secret_goes_out_unseen() -> None:
    for label in sheets.SHEETS:
        for field in apps.get_model(label)._meta.concrete_fields:
            if sheets._goes_out(field) and field.attname not in LOOKED_AT:
                assert not any(word in field.attname for word in SUSPECT), (label, field.attname)
                assert not isinstance(field, models.BinaryField)


def test_control_a_secret_that_is_not_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "FIELDS_LEFT_OUT", sheets.FIELDS_LEFT_OUT - {"password"})
    with pytest.raises(AssertionError, match="password"):
        test_no_field_that_could_be_a_secret_goes_out_unseen()


@pytest.mark.django_db
def test_who_may_ask_for_it(company: Company, admin: Actor, browser: Browser) -> None:
    for actor in (company.manager, company.anna, Actor.system("nobody")):
        with pytest.raises(Forbidden):
            services.export_start(actor=actor)
    assert browser(company.anna).post("/settings/copies/exports/new/").status_code == 403
    assert Client().post("/settings/copies/exports/new/").status_code in (302, 403)
    row = services.export_start(actor=admin)
    assert (row.state, row.made_by_id) == (FullExport.MAKING, admin.user_id)
    assert JournalEntry.objects.filter(entity="full_export", kind="create").count() == 1


@pytest.mark.django_db
def test_one_at_a_time(admin: Actor, other_admin: Actor) -> None:
    from django.db import transaction

    services.export_start(actor=admin)
    with pytest.raises(Refused, match="still being made"), transaction.atomic():
        services.export_start(actor=admin)
    services.export_start(actor=other_admin)


@pytest.mark.django_db
def test_another_admins_is_not_there(
    admin: Actor, other_admin: Actor, browser: Browser, folder: Path
) -> None:
    row = FullExport.objects.create(
        made_by=me(admin), state=FullExport.READY, finished_at=clock.now()
    )
    services.export_path(row.pk).parent.mkdir()
    services.export_path(row.pk).write_bytes(b"PK")
    for deed in (services.export_fetch, services.export_stop, services.export_remove, export_get):
        with pytest.raises(NotFound):
            deed(actor=other_admin, export_id=row.pk)
    assert exports_list(actor=other_admin) == []
    address = f"/settings/copies/exports/{row.pk}/fetch/"
    assert browser(other_admin).post(address).status_code == 404
    assert "X-Callout-File" not in browser(other_admin).post(address).headers
    assert browser(other_admin).post(address.replace(str(row.pk), str(uuid4()))).status_code == 404
    assert browser(admin).get(address).status_code == 405
    mine = browser(admin).post(address)
    assert mine.headers["X-Callout-File"] == str(services.export_path(row.pk))
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert mine.headers["X-Content-Type-Options"] == "nosniff"
    entry = JournalEntry.objects.get(entity="full_export", kind="fetched")
    assert entry.actor_id == admin.user_id


@pytest.mark.django_db
def test_it_can_be_stopped_and_removed_and_is_forgotten_after_a_week(
    admin: Actor, folder: Path
) -> None:
    row = services.export_start(actor=admin)
    services.export_stop(actor=admin, export_id=row.pk)
    assert not services.export_progress(actor=admin, export_id=row.pk, done=1, total=2)
    making.export_work(row.pk)  # its job finds nothing to do
    with pytest.raises(Refused):
        services.export_stop(actor=admin, export_id=row.pk)
    old = FullExport.objects.create(
        made_by=me(admin), state=FullExport.READY,
        finished_at=clock.now() - timedelta(days=7, seconds=1),
    )  # fmt: skip
    new = FullExport.objects.create(
        made_by=me(admin), state=FullExport.READY, finished_at=clock.now()
    )
    folder_of = services.export_path(old.pk).parent
    folder_of.mkdir()
    for one in (old, new):
        services.export_path(one.pk).write_bytes(b"PK")
    assert services.exports_drop() == 1
    assert [path.stem for path in folder_of.iterdir()] == [str(new.pk)]
    services.export_remove(actor=admin, export_id=new.pk)
    assert not list(folder_of.iterdir())
    old.refresh_from_db()
    assert old.state == FullExport.GONE
    assert services.exports_drop() == 0


@pytest.mark.django_db
def test_after_its_week_it_is_not_to_be_fetched_though_nobody_removed_it_yet(
    admin: Actor, folder: Path, browser: Browser
) -> None:
    row = FullExport.objects.create(
        made_by=me(admin), state=FullExport.READY, finished_at=clock.now() - timedelta(days=7)
    )
    services.export_path(row.pk).parent.mkdir()
    services.export_path(row.pk).write_bytes(b"PK")
    assert browser(admin).post(f"/settings/copies/exports/{row.pk}/fetch/").status_code == 404
    assert not JournalEntry.objects.filter(entity="full_export", kind="fetched").exists()


def test_however_often_its_worker_is_asked_to_end_another_begins_it_anew() -> None:
    job = Job(
        id=1, queue="backup", lock=None, queueing_lock=None, task_name="backup.export_make",
        attempts=50,
    )  # fmt: skip
    assert export_make.get_retry_exception(exception=JobAborted(), job=job) is not None


@pytest.mark.django_db
def test_an_order_number_that_looks_like_a_way_up_leads_nowhere(admin: Actor) -> None:
    company_update(actor=admin, number_prefix="../../n°")
    file_id = uuid4()
    place = making.file_place(7, file_id, "plan.txt")
    assert place == f"files/______n_000007/{str(file_id)[-12:]}-plan.txt"


# --- made, from a database that others see -------------------------------------------------------


@pytest.fixture
def asked(transactional_db: None, folder: Path, company: Company, admin: Actor) -> FullExport:
    """One that waits for its job."""
    return services.export_start(actor=admin)


def opened(row: FullExport) -> zipfile.ZipFile:
    return zipfile.ZipFile(services.export_path(row.pk))


def rows_of(out: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = out.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.wide
def test_everything_is_in_it_and_no_secret(
    asked: FullExport, company: Company, admin: Actor
) -> None:
    User.objects.update(password="canary-password")
    _row, token = token_create(actor=admin, user_id=company.manager.user_id, name="t", days=3)
    Site.objects.update(access_code_encrypted=b"canary-code", key_notes="Under the mat")
    order = company.order(description="=HYPERLINK(1)\nSecond line")
    attachment_add(actor=admin, order_id=order.pk, name="../=plan.txt", data=b"what was seen")
    gone = attachment_add(actor=admin, order_id=order.pk, name="gone.txt", data=b"not there")
    file_path(gone.sha256).unlink()
    customer_create(actor=admin, name="Café Ĳzer 東京 \U0001f527")
    making.export_work(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.files, asked.missing) == (FullExport.READY, 1, 1)
    assert asked.size == services.export_path(asked.pk).stat().st_size
    with opened(asked) as out:
        assert out.testzip() is None
        assert {f"{name}.csv" for name in sheets.SHEETS.values()} < set(out.namelist())
        (told,) = rows_of(out, "service-orders.csv")
        assert told["Description"] == "'=HYPERLINK(1)\nSecond line"
        assert cell_read(told["Description"]) == order.description
        assert (told["Customer"], told["Customer id"]) == (
            "Boulangerie Lemaire", str(order.customer_id)
        )  # fmt: skip
        names = [one["Name"] for one in rows_of(out, "customers.csv")]
        assert "Café Ĳzer 東京 \U0001f527" in names
        assert rows_of(out, "sites.csv")[0]["Key notes"] == "Under the mat"
        assert rows_of(out, "journal.csv")[0]["Facts"].startswith("{")
        (file,) = [name for name in out.namelist() if name.startswith("files/")]
        assert (file.split("/")[1], ".." in file) == (f"SO-{order.number:06}", False)
        assert out.read(file) == b"what was seen"
        everything = b"".join(out.read(name) for name in out.namelist())
    for secret in (b"canary-password", b"canary-code", token.encode(), token[-20:].encode()):
        assert secret not in everything


@pytest.mark.wide
def test_it_is_read_from_the_replica_and_anew_from_the_primary_where_that_goes_away(
    asked: FullExport, replica: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, asked_of = psycopg.connect, []

    def connecting(*name: Any, **where: Any) -> Any:
        asked_of.append("read_only" in where.get("options", ""))
        return connect(*name, **where)

    monkeypatch.setattr(psycopg, "connect", connecting)
    files, tries = making._Making._files, []

    def goes_away(self: Any, *given: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise psycopg.OperationalError("terminating connection due to conflict with recovery")
        files(self, *given)

    monkeypatch.setattr(making._Making, "_files", goes_away)
    making.export_work(asked.pk)
    asked.refresh_from_db()
    assert asked_of[-2:] == [True, False]
    assert asked.state == FullExport.READY
    with opened(asked) as out:
        assert out.testzip() is None
        names = out.namelist()
        heads = len(sheets.SHEETS)
        counted = sum(len(rows_of(out, f"{name}.csv")) for name in sheets.SHEETS.values())
    assert (len(names), counted) == (heads + 1, asked.rows)  # and the README; nothing of the first


@pytest.mark.wide
@pytest.mark.parametrize("how", ["full", "stopped", "ended", "no admin", "broken"])
def test_one_that_does_not_get_to_its_end_leaves_nothing(
    asked: FullExport, how: str, settings: Any, monkeypatch: pytest.MonkeyPatch, admin: Actor
) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 1)
    monkeypatch.setattr(making, "OFTEN", 0.0)
    if how == "full":
        settings.MIN_FREE_MB = 10**9
    if how == "no admin":
        User.objects.update(is_admin=False)
    if how == "broken":
        monkeypatch.setattr(making, "SIGNATURES", "SELECT nonsense")
    if how == "stopped":
        look = making._Making._look

        def stop_then_look(self: Any) -> None:
            if FullExport.objects.filter(pk=asked.pk, state=FullExport.MAKING).exists():
                services.export_stop(actor=admin, export_id=asked.pk)
            look(self)

        monkeypatch.setattr(making._Making, "_look", stop_then_look)
    raised = {"ended": Ended, "broken": psycopg.Error}.get(how)
    with pytest.raises(raised) if raised else nullcontext():
        making.export_work(asked.pk, lambda: how == "ended")
    asked.refresh_from_db()
    told = {
        "full": (FullExport.FAILED, "MB are free"),
        "stopped": (FullExport.STOPPED, ""),
        "ended": (FullExport.MAKING, ""),  # the next worker begins anew
        "no admin": (FullExport.FAILED, "no admin any more"),
        "broken": (FullExport.FAILED, "Something went wrong"),
    }[how]
    assert (asked.state, told[1] in asked.words) == (told[0], True)
    place = services.export_path(asked.pk).parent
    assert not place.exists() or not list(place.iterdir())
