"""A journal out of a dump: noticed, put right, and nobody misses or doubles more than a batch."""

from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from callout.kernel import restore
from callout.kernel.feed import FeedEntry, feed_end, feed_read, rows_from_elsewhere
from callout.kernel.follow import Follower, advance
from callout.kernel.models import FeedPosition, Installation, JournalEntry
from tests.harness import database
from tests.kernel.entries import write

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FAR = 5_000_000_000  # where the other database's numbers were


def restored(root: psycopg.Connection, offset: int) -> int:
    """An entry as a dump brings it; its id."""
    row = root.execute(
        "INSERT INTO kernel_journalentry"
        " (xid, at, actor_name, door, entity, entity_id, kind, facts, audience) VALUES"
        " (%s::text::xid8, now(), '', 'x', 'x', gen_random_uuid(), 'old', '{}', '[]') RETURNING id",
        [FAR + offset],
    ).fetchone()
    assert row is not None
    return int(row[0])


class Notes:
    def __init__(self) -> None:
        self.ids: list[int] = []

    def __call__(self, entries: Sequence[FeedEntry]) -> None:
        self.ids += [entry.id for entry in entries]


def test_the_check_speaks_until_the_journal_is_at_home() -> None:
    with database.superuser(database.NAME) as root:
        restored(root, 0)
    found = restore.journal_is_of_this_database(databases=["default"])
    assert [message.id for message in found] == ["callout.E004"]
    call_command("journal_rebase", verbosity=0)
    assert restore.journal_is_of_this_database(databases=["default"]) == []
    assert not rows_from_elsewhere()


def test_followers_go_on_from_where_they_stood_in_the_other_database(app_dsn: str) -> None:
    with database.superuser(database.NAME) as root:
        ids = [restored(root, offset) for offset in (0, 1, 2, 3)]
    # Over when the position was noted: 0 and 2; 1 was running; 3 had not begun.
    FeedPosition.objects.create(name="t", snapshot=f"77/{FAR + 1}:{FAR + 3}:{FAR + 1}")
    call_command("journal_rebase", verbosity=0)
    notes = Notes()
    one = Follower("t", notes, most=2)
    advance(one)
    assert notes.ids == ids[1:]  # the third a second time: it bears that
    with psycopg.connect(app_dsn, autocommit=True) as link:
        new = write(link)
    advance(one)
    assert notes.ids == [*ids[1:], new]


def test_one_in_the_middle_of_a_difference_loses_nothing_either(app_dsn: str) -> None:
    with database.superuser(database.NAME) as root:
        ids = [restored(root, offset) for offset in (0, 5, 1, 2)]
    FeedPosition.objects.create(
        name="t", snapshot=f"77/{FAR}:{FAR}:", until=f"77/{FAR + 3}:{FAR + 3}:", last_id=ids[2]
    )
    call_command("journal_rebase", verbosity=0)
    notes = Notes()
    advance(Follower("t", notes, most=50))
    assert {ids[1], ids[3]} <= set(notes.ids)  # 5 had not begun, 2 had not been given
    assert ids[0] not in notes.ids


def test_screens_are_told_of_new_entries_only(app_dsn: str) -> None:
    with database.superuser(database.NAME) as root:
        restored(root, 0)
    call_command("journal_rebase", verbosity=0)
    start = feed_end()
    with psycopg.connect(app_dsn, autocommit=True) as link:
        new = write(link)
    assert [entry.id for entry in feed_read(start).entries] == [new]


def test_the_guard_stands_again_afterwards_and_the_epoch_is_new(app_dsn: str) -> None:
    before = Installation.objects.create(epoch=UUID(int=7))
    with database.superuser(database.NAME) as root:
        restored(root, 0)
    call_command("journal_rebase", verbosity=0)
    before.refresh_from_db()
    assert before.epoch != UUID(int=7)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'journal_guard_rows'")
        assert cursor.fetchone() == ("A",)
    assert JournalEntry.objects.count() == 1
