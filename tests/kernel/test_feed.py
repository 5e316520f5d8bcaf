"""The feed: each committed entry once, whatever the order of commits."""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from callout.kernel import feed
from callout.kernel.feed import Cursor, Snapshot, feed_end, feed_read
from tests.harness import database
from tests.kernel.entries import write

NAIVE = "SELECT id FROM kernel_journalentry WHERE id > %s ORDER BY id"


@pytest.fixture
def writers(app_dsn: str) -> Iterator[list[psycopg.Connection]]:
    links = [psycopg.connect(app_dsn) for _ in range(2)]
    yield links
    for link in links:
        link.close()


def ids(page: feed.FeedPage) -> list[int]:
    assert not page.resync
    return [entry.id for entry in page.entries]


def test_an_entry_committed_late_is_not_missed(writers: list[psycopg.Connection]) -> None:
    slow, quick = writers
    start, naive = feed_end(), 0
    early = write(slow)
    late = write(quick)
    quick.commit()
    first = feed_read(start)
    naive_first = quick.execute(NAIVE, [naive]).fetchall()
    slow.commit()
    second = feed_read(str(first.next))
    naive_second = quick.execute(NAIVE, [naive_first[-1][0]]).fetchall()
    assert (ids(first), ids(second)) == ([late], [early])
    assert ids(feed_read(second.next)) == []
    # The control: reading in the order of ids has missed it for good.
    assert (naive_first, naive_second) == ([(late,)], [])


def test_what_is_rolled_back_is_never_told(writers: list[psycopg.Connection]) -> None:
    start = feed_end()
    write(writers[0])
    writers[0].rollback()
    assert ids(feed_read(start)) == []


def test_an_entry_of_a_savepoint_is_told_once(writers: list[psycopg.Connection]) -> None:
    start = feed_end()
    with writers[0].transaction(), writers[0].transaction():
        written = write(writers[0])
    page = feed_read(start)
    assert ids(page) == [written]
    assert ids(feed_read(page.next)) == []


def test_a_reader_that_has_written_is_refused(transactional_db: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        with pytest.raises(RuntimeError):
            feed_read(feed_end())


def test_the_end_seen_by_a_transaction_that_writes_lies_before_its_own_entries(
    writers: list[psycopg.Connection],
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        write(writers[0])  # a later transaction that is over makes the own one look over too
        writers[0].commit()
        end = feed_end()
        cursor.execute(
            "INSERT INTO kernel_journalentry"
            " (at, actor_name, door, entity, entity_id, kind, facts, audience) VALUES"
            " (now(), '', 'x', 'x', gen_random_uuid(), 'own', '{}', '[]')"
        )
    assert [entry.kind for entry in feed_read(str(end)).entries] == ["own"]


def test_more_than_a_page_means_load_everything_again(writers: list[psycopg.Connection]) -> None:
    start = feed_end()
    for _ in range(11):
        write(writers[0])
    writers[0].commit()
    assert len(feed_read(start, most=11).entries) == 11
    page = feed_read(start, most=10)
    assert page.resync
    assert not page.entries
    assert ids(feed_read(page.next)) == []


FORGED = [
    "",
    "nonsense",
    "0",
    "{system}",
    "{system}/",
    "{system}/1:{xmax}:",  # says that nothing before was over, yet nothing was running
    "{system}/0:0:",
    "{system}/{xmax}:1:",
    "{system}/{xmax}:{future}:{xmax}",
    "{system}/{future}:{future}:",
    "{system}/{xmax}:{xmax}:{xmax}",
    "{system}/5:9:5,5",
    "{system}/5:9:7,5",
    "{system}/5:9:5,9",
    "{system}/-5:9:",
    "{system}/5:9:5,",
    "{system}/٥:٩:٥",
    "{system}/99999999999999999999:99999999999999999999:",
    "{system}/9223372036854775807:9223372036854775807:",
    "{other}/{xmax}:{xmax}:",
    "{system}/{xmax}:{xmax}: ",
    "{system}/{xmax}:{xmax}:\n",
    "{system}/{xmax}:{xmax}:'; DROP TABLE kernel_journalentry; --",
    "{system}/" + "1" * 5_000 + ":2:",
    "\x00",
]


@pytest.mark.wide
@pytest.mark.parametrize("text", FORGED)
def test_a_forged_cursor_means_resync(writers: list[psycopg.Connection], text: str) -> None:
    for _ in range(3):
        write(writers[0])
    writers[0].commit()
    end = feed_end()
    xmax = end.snapshot.xmax
    forged = text.format(system=end.system, other=end.system + 1, xmax=xmax, future=xmax + 10)
    page = feed_read(forged)
    assert page.resync
    assert not page.entries
    # The control: the true one of the same moment is followed.
    assert not feed_read(str(end)).resync


def test_a_cursor_from_the_beginning_of_time_asks_for_no_more_than_a_page(
    writers: list[psycopg.Connection],
) -> None:
    for _ in range(400):
        write(writers[0])
    writers[0].commit()
    end = feed_end()
    assert feed_read(f"{end.system}/1:1:", most=2).resync
    for text in (f"{end.system}/1:1:", f"{end.system}/3:{end.snapshot.xmax}:3"):
        with transaction.atomic(), connection.cursor() as cursor:
            # Of so few rows it may read all, as the statistics of the moment have it.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(
                "EXPLAIN (ANALYZE, FORMAT JSON) " + feed.READ,
                feed.parameters(Cursor.parse(text), most=2),
            )
            plan = cursor.fetchone()[0]
        # Three for each span, and there are as many spans as transactions that run beside this.
        assert max(rows_read(plan)) < 100


def rows_read(plan: Any) -> Iterator[float]:
    """How many journal rows each scan in this plan has touched."""
    if isinstance(plan, list):
        for part in plan:
            yield from rows_read(part)
    if isinstance(plan, dict):
        if plan.get("Relation Name") == "kernel_journalentry":
            yield plan["Actual Rows"] * plan["Actual Loops"] + plan.get("Rows Removed by Filter", 0)
        for part in plan.values():
            yield from rows_read(part)


def test_a_cursor_is_read_as_it_was_written() -> None:
    for text in ("7/10:10:", "7/10:20:10", "7/10:20:10,12,19"):
        assert str(Cursor.parse(text)) == text


def test_a_snapshot_sees_what_postgresql_says_it_sees(transactional_db: None) -> None:
    snapshots = ["5:5:", "5:9:5", "5:9:5,7,8", "1:1:"]
    with connection.cursor() as cursor:
        for text in snapshots:
            for xid in range(1, 12):
                cursor.execute(
                    "SELECT pg_visible_in_snapshot(%s::xid8, %s::pg_snapshot)", [str(xid), text]
                )
                assert Snapshot.parse(text).sees(xid) == cursor.fetchone()[0], (text, xid)


def test_a_later_snapshot_covers_an_earlier_one_and_not_the_other_way() -> None:
    order = [Snapshot.parse(text) for text in ("5:5:", "5:9:5,7", "7:9:7", "9:12:9,10", "12:12:")]
    for i, one in enumerate(order):
        for j, other in enumerate(order):
            assert one.covers(other) == (i >= j), (one, other)


def test_entries_from_another_database_are_noticed(writers: list[psycopg.Connection]) -> None:
    write(writers[0])
    writers[0].commit()
    assert not feed.rows_from_elsewhere()
    start = feed_end()
    with database.superuser(database.NAME) as root:
        root.execute(
            "INSERT INTO kernel_journalentry"
            " (xid, at, actor_name, door, entity, entity_id, kind, facts, audience) VALUES"
            " ('999999999', now(), '', 'x', 'x', gen_random_uuid(), 'restored', '{}', '[]')"
        )
    assert feed.rows_from_elsewhere()
    assert ids(feed_read(start)) == []  # and they do not come up as news


class Load:
    """Writers that commit out of order, and the two ways to read them."""

    def __init__(self, dsn: str, seconds: float) -> None:
        self.dsn, self.until = dsn, time.monotonic() + seconds
        self.told: list[int] = []
        self.naive: list[int] = []

    def write(self, seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(self.dsn) as link:
            while time.monotonic() < self.until:
                for _ in range(chance.choice((1, 1, 3))):
                    write(link)
                time.sleep(chance.choice((0, 0, 0.002, 0.02)))
                link.rollback() if chance.random() < 0.1 else link.commit()

    def write_long(self) -> None:
        with psycopg.connect(self.dsn) as link:
            write(link)
            time.sleep(max(0, self.until - time.monotonic() - 0.5))
            write(link)

    def read(self, start: Cursor) -> None:
        cursor, last = start, 0
        with psycopg.connect(self.dsn, autocommit=True) as link:
            quiet = False
            while not (quiet and time.monotonic() > self.until + 0.5):
                rows = link.execute(feed.READ, feed.parameters(cursor)).fetchall()
                page = feed.page_of(rows, cursor)
                cursor, quiet = page.next, not page.entries
                self.told += ids(page)
                naive = [row[0] for row in link.execute(NAIVE, [last]).fetchall()]
                self.naive += naive
                last = naive[-1] if naive else last
                time.sleep(0.005)


@pytest.mark.wide
def test_under_load_nothing_is_missed_and_nothing_told_twice(app_dsn: str) -> None:
    load = Load(app_dsn, seconds=2.0)
    start = feed_end()
    threads = [threading.Thread(target=load.write, args=(seed,)) for seed in range(8)]
    threads += [
        threading.Thread(target=load.write_long),
        threading.Thread(target=load.read, args=(start,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM kernel_journalentry")
        there = {row[0] for row in cursor.fetchall()}
    assert len(there) > 500
    assert sorted(load.told) == sorted(there)
    # The control: the same writers, read in the order of ids, leave entries behind.
    assert there - set(load.naive)
