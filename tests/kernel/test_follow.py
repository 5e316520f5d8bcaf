"""Followers: every entry at least once, by one worker at a time, whatever happens."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import psycopg
import pytest
from django.db import connection, connections, transaction

from callout.kernel import feed, follow
from callout.kernel.feed import FeedEntry
from callout.kernel.follow import Follower, advance
from callout.kernel.models import FeedPosition
from tests.kernel.entries import write

Make = Callable[..., Follower]


@pytest.fixture
def link(app_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(app_dsn, autocommit=True) as one:
        yield one


def started(function: follow.Function, most: int = 500) -> Follower:
    """A follower that has been started, so that what is written from now on is its."""
    one = Follower("tests.one", function, most)
    advance(one)
    return one


class Notes:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, entries: Sequence[FeedEntry]) -> None:
        self.batches.append([entry.id for entry in entries])

    @property
    def ids(self) -> list[int]:
        return [number for batch in self.batches for number in batch]


def test_entries_come_once_and_in_order(link: psycopg.Connection) -> None:
    write(link)
    notes = Notes()
    one = started(notes)
    assert notes.ids == []  # it begins where it is first started
    written = [write(link) for _ in range(3)]
    assert advance(one) == 3
    assert advance(one) == 0
    assert notes.ids == written


@pytest.mark.parametrize(("count", "portions"), [(10, [4, 4, 2]), (8, [4, 4]), (4, [4])])
def test_a_large_difference_comes_in_portions_and_stops_nowhere(
    link: psycopg.Connection, count: int, portions: list[int]
) -> None:
    notes = Notes()
    one = started(notes, most=4)
    with link.transaction():
        written = [write(link) for _ in range(count)]
    advance(one)
    assert [len(batch) for batch in notes.batches] == portions
    written.append(write(link))
    advance(one)
    assert notes.ids == written


def test_what_commits_in_the_middle_of_a_large_difference_comes_after_it(
    link: psycopg.Connection, app_dsn: str
) -> None:
    given: list[int] = []
    with psycopg.connect(app_dsn) as late:
        early_id = write(late)  # a small id, committed while the follower is on its way

        def function(entries: Sequence[FeedEntry]) -> None:
            given.extend(entry.id for entry in entries)
            late.commit()

        one = started(function, most=2)
        written = [write(link) for _ in range(5)]
        advance(one)
        advance(one)
    assert sorted(given) == sorted([early_id, *written])
    assert given[-1] == early_id


def test_a_batch_that_failed_comes_again(link: psycopg.Connection) -> None:
    seen: list[int] = []

    def function(entries: Sequence[FeedEntry]) -> None:
        seen.extend(entry.id for entry in entries)
        if len(seen) == 1:
            raise ValueError("the first time")

    one = started(function)
    written = write(link)
    with pytest.raises(ValueError, match="the first time"):
        advance(one)
    advance(one)
    advance(one)
    assert seen == [written, written]


def test_its_own_entries_are_told_to_a_follower_too(link: psycopg.Connection) -> None:
    kinds: list[str] = []

    def function(entries: Sequence[FeedEntry]) -> None:
        kinds.extend(entry.kind for entry in entries)
        if "answer" not in kinds:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO kernel_journalentry"
                    " (at, actor_name, door, entity, entity_id, kind, facts, audience) VALUES"
                    " (now(), '', 'x', 'x', gen_random_uuid(), 'answer', '{}', '[]')"
                )

    one = started(function)
    write(link, kind="question")
    advance(one)
    advance(one)
    assert kinds == ["question", "answer"]


def test_inside_a_transaction_a_follower_is_refused(link: psycopg.Connection) -> None:
    one = started(Notes())
    with transaction.atomic(), pytest.raises(RuntimeError):
        advance(one)


@pytest.mark.wide
def test_two_workers_do_not_double(link: psycopg.Connection) -> None:
    given: Counter[int] = Counter()

    def function(entries: Sequence[FeedEntry]) -> None:
        time.sleep(0.01)
        given.update(entry.id for entry in entries)

    one = started(function, most=5)
    written: list[int] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            advance(one)
            time.sleep(0.002)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in range(200):
        written.append(write(link))
        time.sleep(0.002)
    time.sleep(0.5)
    stop.set()
    for worker in workers:
        worker.join()
    advance(one)
    assert given == Counter(written)


def test_control_without_the_lock_two_workers_double(
    link: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(follow, "_alone", lambda _name: nullcontext(True))
    both = threading.Barrier(2)
    given: Counter[int] = Counter()

    def function(entries: Sequence[FeedEntry]) -> None:
        both.wait(5)
        given.update(entry.id for entry in entries)

    one = started(function)
    written = write(link)
    failures: list[str] = []

    def work() -> None:
        try:
            advance(one)
        except RuntimeError as error:
            failures.append(str(error))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert given == {written: 2}
    assert failures == ["another worker has moved on meanwhile"]  # the second fence


def test_a_position_of_another_database_stops_the_follower_aloud(
    link: psycopg.Connection,
) -> None:
    one = started(Notes())
    end = feed.feed_end()
    for strange in (f"{end.system + 1}/{end.snapshot}", f"{end.system}/999999999:999999999:", "x"):
        FeedPosition.objects.update_or_create(name=one.name, defaults={"snapshot": strange})
        with pytest.raises(RuntimeError, match="journal_rebase"):
            advance(one)


@pytest.mark.wide
def test_one_that_fails_holds_up_nobody(
    link: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_entries: Sequence[FeedEntry]) -> None:
        raise ZeroDivisionError

    notes = Notes()
    registered = {
        "tests.broken": Follower("tests.broken", broken, 10),
        "tests.sound": Follower("tests.sound", notes, 10),
    }
    follow.followers_found()  # the rooms' own are registered once, and not among these
    monkeypatch.setattr(follow, "_followers", registered)
    stop = threading.Event()
    thread = threading.Thread(target=follow.follow_for_ever, args=(stop,))
    thread.start()
    end = time.monotonic() + 5
    while FeedPosition.objects.count() < 2 and time.monotonic() < end:
        time.sleep(0.02)
    written = [write(link) for _ in range(3)]
    while len(notes.ids) < 3 and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    thread.join()
    assert notes.ids == written
    assert "the follower tests.broken failed" in caplog.text


def test_two_followers_of_one_name_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "_followers", {})
    register = follow.follower("tests.twice")
    function = register(lambda _entries: None)
    register(function)
    with pytest.raises(RuntimeError):
        register(lambda _entries: None)
