"""The nightly backup: when, where, how many, and what admins are told of it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from callout.backup import nightly
from callout.backup.form import Manifest
from callout.backup.models import BackupRun
from callout.backup.selectors import backup_standing
from callout.backup.services import backup_note
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Refused
from callout.kernel.models import JournalEntry
from tests.office.conftest import Browser
from tests.orders.conftest import Company

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("a test")
NIGHT = datetime.fromisoformat("2026-11-23T01:05:00+00:00")  # 02:05 in Brussels


@pytest.fixture(autouse=True)
def asked_for(folder: Path, settings: Any) -> Iterator[None]:
    settings.BACKUP_FOLDER = str(folder)
    settings.BACKUP_TIME = time(2)
    settings.BACKUPS_KEPT = 3
    with clock.freeze(NIGHT):
        yield


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where backups were made, without making any."""
    paths: list[Path] = []

    def write(path: Path, _stopped: object) -> tuple[Manifest, int]:
        path.write_bytes(b"a backup")
        paths.append(path)
        return Manifest(), 8

    monkeypatch.setattr("callout.backup.services.backup_write", write)
    return paths


def noted(state: str, at: datetime, cause: str = BackupRun.NIGHTLY) -> None:
    """A backup of that time."""
    with clock.freeze(at):
        backup_note(
            actor=SYSTEM, cause=cause, path=Path("/b.tar"), began=at,
            manifest=None if state == BackupRun.FAILED else Manifest(),
            words="No room" if state == BackupRun.FAILED else "",
        )  # fmt: skip


def test_it_is_made_once_a_night(written: list[Path], folder: Path) -> None:
    assert nightly.nightly_make()
    assert [path.name for path in written] == ["callout-2026-11-23T0205.tar"]
    assert not nightly.nightly_make()
    with clock.freeze(NIGHT + timedelta(hours=23)):
        assert not nightly.nightly_make()  # 01:05: the hour has not struck again
    with clock.freeze(NIGHT + timedelta(hours=24)):
        assert nightly.nightly_make()
    assert BackupRun.objects.filter(state=BackupRun.OK).count() == 2
    assert JournalEntry.objects.filter(entity="backup", kind="made").count() == 2


def test_a_machine_that_was_off_at_that_hour_makes_it_later(written: list[Path]) -> None:
    with clock.freeze(NIGHT + timedelta(hours=9)):
        assert nightly.nightly_make()


def test_one_made_by_hand_takes_nothing_from_it(written: list[Path]) -> None:
    noted(BackupRun.OK, NIGHT, BackupRun.COMMAND)
    assert nightly.nightly_make()


def test_without_a_folder_there_is_none(written: list[Path], settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    assert not nightly.nightly_make()
    assert written == []


def test_one_that_fails_says_why_and_is_tried_again_after_an_hour(settings: Any) -> None:
    settings.BACKUP_FOLDER = "/not/there"
    assert not nightly.nightly_make()
    run = BackupRun.objects.get()
    assert (run.state, "cannot be written" in run.words) == (BackupRun.FAILED, True)
    with clock.freeze(NIGHT + timedelta(minutes=59)):
        assert not nightly.due(clock.now())
    with clock.freeze(NIGHT + timedelta(minutes=61)):
        assert nightly.due(clock.now())
    assert not Path("/not/there").exists()  # a disk that is not mounted is not written beside


def test_the_newest_are_kept_and_nothing_else_is_touched(written: list[Path], folder: Path) -> None:
    others = ["callout-2026.tar", "callout.tar", "notes.txt", "callout-2026-11-01T0200.tar.gz"]
    old = [f"callout-2026-11-{day:02}T0200.tar" for day in range(1, 6)]
    for name in [*others, *old]:
        (folder / name).write_text("x")
    nightly.nightly_make()
    kept = {path.name for path in folder.iterdir() if path.is_file()}
    assert kept == {*others, *old[-2:], "callout-2026-11-23T0205.tar"}


# --- what admins are told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([(BackupRun.OK, 20)], ""),
        ([(BackupRun.OK, 60)], "no good backup for 2 days"),
        ([(BackupRun.OK, 80), (BackupRun.FAILED, 5)], "no good backup for 3 days"),
        ([(BackupRun.OK, 20), (BackupRun.FAILED, 5)], "The last backup failed"),
        ([(BackupRun.FAILED, 9), (BackupRun.OK, 5)], ""),
        ([], ""),
    ],
)
def test_what_is_wrong_is_said(
    admin: Actor, runs: list[tuple[str, int]], told: str, settings: Any
) -> None:
    for state, hours in runs:
        noted(state, NIGHT - timedelta(hours=hours))
    warning = backup_standing(actor=admin).warning
    assert told in warning
    assert bool(told) == bool(warning)
    settings.BACKUP_FOLDER = ""  # nobody asked for any
    assert backup_standing(actor=admin).warning == ""


def test_none_at_all_is_said_when_there_is_something_to_lose(admin: Actor) -> None:
    assert backup_standing(actor=admin).warning == ""
    with clock.freeze(clock.now() + timedelta(days=400)):
        assert "no good backup" in backup_standing(actor=admin).warning


def test_an_incomplete_one_is_told(admin: Actor) -> None:
    backup_note(actor=SYSTEM, cause=BackupRun.NIGHTLY, path=Path("/b"), began=NIGHT,
                manifest=Manifest(missing=["a" * 64]))  # fmt: skip
    assert "lacks 1 attachment " in backup_standing(actor=admin).warning


def test_only_admins_see_it(company: Company, admin: Actor, browser: Browser) -> None:
    noted(BackupRun.FAILED, NIGHT)
    for actor in (company.anna, company.bert):
        with pytest.raises(Forbidden):
            backup_standing(actor=actor)
        assert "last backup" not in browser(actor).get("/settings/").content.decode()
        assert browser(actor).get("/settings/copies/").status_code == 403
    assert Client().get("/settings/copies/").status_code == 302
    office = browser(admin)
    for place in ("/settings/", "/home/"):
        assert "The last backup failed." in office.get(place).content.decode()
    page = office.get("/settings/copies/").content.decode()
    assert "No room" in page
    assert "02:00" in page


def test_a_failure_of_the_database_is_noted_too(
    admin: Actor, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    import psycopg

    from callout.backup import services

    def broken(*_given: object) -> None:
        raise psycopg.DataError("invalid page in block 7")

    monkeypatch.setattr("callout.backup.services.backup_write", broken)
    with pytest.raises(Refused, match="block 7"):
        services.backup_make(actor=SYSTEM, path=folder / "a.tar", cause=BackupRun.COMMAND)
    assert "block 7" in BackupRun.objects.get().words
