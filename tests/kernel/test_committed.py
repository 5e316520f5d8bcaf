"""The last message of a change ends its transaction: all of it stands then, or nothing does."""

import logging
import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import UUIDField
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from callout.accounts.models import User
from callout.kernel import change, journal, wake
from callout.kernel.actor import Actor
from callout.kernel.change import and_read, row_save, rows_add, service, statement_add
from callout.kernel.errors import Refused
from callout.kernel.idempotency import Answer, answer_once
from callout.kernel.message import message
from callout.kernel.models import IdempotencyKey, JournalEntry
from callout.kernel.prepared import Asked, Given, Prepared
from callout.workforce.models import Skill

pytestmark = pytest.mark.django_db(transaction=True)

SOMEBODY = Actor.system("a test")
NAMED = Prepared(lambda: Skill.objects.filter(pk=Given("skill", UUIDField())).values_list("name"))
LOST = "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{}'; END $$"
DEADLOCK, PLANS_OF_BEFORE_A_MIGRATION = "40P01", "0A000"
LINKED = (
    "INSERT INTO workforce_technician_skills (technician_id, skill_id) VALUES (%s, %s)"  # to nobody
)


def skill(name: str = "Gas") -> Skill:
    return Skill(name=name, name_sort=name.lower())


def noted(entity_id: UUID) -> None:
    journal.record(SOMEBODY, entity="skill", entity_id=entity_id, kind="noted")


def named(row: Skill) -> list[Asked]:
    return [NAMED.ask(skill=row.pk)]


@service
def added(*, actor: Actor) -> Skill:
    row = skill()
    rows_add(row)
    noted(row.pk)
    return row


class Messages:
    """Each message to the database, and how the transaction stood after it."""

    def __init__(self) -> None:
        connection.ensure_connection()  # which has questions of its own
        self.seen: list[tuple[str, TransactionStatus]] = []

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        status = connection.connection.info.transaction_status
        self.seen.append((str(sql), status))
        return answer


def test_a_commit_is_said_once_by_the_message_or_by_django() -> None:
    with CaptureQueriesContext(connection) as run:
        row = added(actor=SOMEBODY)
    assert "COMMIT" not in [query["sql"] for query in run]  # the message ends with it
    with CaptureQueriesContext(connection) as run, transaction.atomic():
        row.save()
    assert "COMMIT" in [query["sql"] for query in run]
    connection.close()
    assert Skill.objects.filter(pk=row.pk).exists()


def test_a_value_that_cannot_be_read_is_an_error_of_the_database_as_any_other() -> None:
    with pytest.raises(DataError), message([("SELECT 'infinity'::date", ())]) as cursor:
        cursor.fetchall()


def test_the_message_that_writes_a_change_commits_it() -> None:
    messages = Messages()
    with connection.execute_wrapper(messages):
        row = added(actor=SOMEBODY)
    ((_sql, status),) = messages.seen
    assert status == TransactionStatus.IDLE
    assert Skill.objects.get().pk == row.pk


def test_within_somebody_elses_transaction_it_commits_nothing() -> None:
    messages = Messages()
    with transaction.atomic():
        with connection.execute_wrapper(messages):
            added(actor=SOMEBODY)
        transaction.set_rollback(True)
    assert {status for _sql, status in messages.seen} == {TransactionStatus.INTRANS}
    assert not Skill.objects.exists()


def test_with_a_row_that_is_not_there_nothing_of_the_change_stands() -> None:
    @service
    def lost(*, actor: Actor) -> None:
        rows_add(skill())
        row_save(skill("Lifts"), ["name"])
        noted(uuid4())

    with pytest.raises(DatabaseError, match="not one row"):
        lost(actor=SOMEBODY)
    assert not Skill.objects.exists()
    assert not JournalEntry.objects.filter(kind="noted").exists()
    assert added(actor=SOMEBODY).name == "Gas"


def test_a_guard_that_speaks_at_the_commit_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    @service
    def linked(*, actor: Actor) -> None:
        rows_add(skill())
        statement_add(LINKED, [uuid4(), uuid4()])
        transaction.on_commit(lambda: heard.append("committed"))

    with pytest.raises(IntegrityError) as raised:
        linked(actor=SOMEBODY)
    assert (heard, Skill.objects.exists()) == ([], False)
    constraint = raised.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    told = Refused("There is nobody.", code="nobody")
    monkeypatch.setitem(change._constraints, constraint, lambda: told)
    with pytest.raises(Refused, match="There is nobody"):
        linked(actor=SOMEBODY)
    assert added(actor=SOMEBODY).name == "Gas"


def test_what_waits_for_the_commit_runs_after_it() -> None:
    heard: list[bool] = []

    @service
    def telling(*, actor: Actor) -> Skill:
        row = skill()
        rows_add(row)
        transaction.on_commit(lambda: heard.append(Skill.objects.filter(pk=row.pk).exists()))
        return row

    _row, found = and_read(lambda: telling(actor=SOMEBODY), named)
    assert (heard, found) == ([True], [[("Gas",)]])


@pytest.mark.parametrize("late", [lambda: added(actor=SOMEBODY), lambda: noted(uuid4())])
def test_what_waits_for_the_commit_changes_nothing(late: Callable[[], object]) -> None:
    """The transaction is over, so what it wrote would stand though the half of it failed."""

    @service
    def telling(*, actor: Actor) -> None:
        rows_add(skill("Lifts"))
        transaction.on_commit(late)

    entries = JournalEntry.objects.count()
    with pytest.raises(RuntimeError, match="after the commit"):
        telling(actor=SOMEBODY)
    assert [row.name for row in Skill.objects.all()] == ["Lifts"]
    assert JournalEntry.objects.count() == entries
    assert added(actor=SOMEBODY).name == "Gas"


def test_a_change_that_stands_is_not_made_again_because_what_waited_for_it_failed() -> None:
    @service
    def telling(*, actor: Actor) -> None:
        rows_add(skill())
        transaction.on_commit(failing)

    def failing() -> None:
        with connection.cursor() as cursor:
            cursor.execute(LOST.format(DEADLOCK))

    with pytest.raises(OperationalError, match="lost"):
        telling(actor=SOMEBODY)
    assert [row.name for row in Skill.objects.all()] == ["Gas"]


def test_what_is_read_with_a_change_comes_in_the_message_that_ends_it() -> None:
    messages = Messages()
    with connection.execute_wrapper(messages):
        _row, found = and_read(lambda: added(actor=SOMEBODY), named)
    assert found == [[("Gas",)]]
    assert [status for _sql, status in messages.seen] == [TransactionStatus.IDLE]


def test_where_it_cannot_be_read_nothing_stands() -> None:
    def wrong(_row: Skill) -> list[Asked]:
        return [NAMED.ask(skill="no id")]

    with pytest.raises(DatabaseError):
        and_read(lambda: added(actor=SOMEBODY), wrong)
    assert not Skill.objects.exists()


def test_nothing_is_read_with_what_is_no_change() -> None:
    with pytest.raises(RuntimeError, match="no service of its own"):
        and_read(skill, named)


@pytest.mark.parametrize("code", [DEADLOCK, PLANS_OF_BEFORE_A_MIGRATION])
def test_of_a_change_that_is_tried_again_the_second_try_is_read(code: str) -> None:
    tries: list[Skill] = []

    @service
    def losing(*, actor: Actor) -> Skill:
        tries.append(skill(f"Try {len(tries) + 1}"))
        rows_add(tries[-1])
        noted(tries[-1].pk)
        if len(tries) == 1:
            statement_add(LOST.format(code), [])
        return tries[-1]

    row, found = and_read(lambda: losing(actor=SOMEBODY), named)
    assert (len(tries), found) == (2, [[("Try 2",)]])
    assert Skill.objects.get().pk == row.pk


def test_when_the_server_ends_the_connection_nothing_stands_and_the_next_change_does() -> None:
    @service
    def cut(*, actor: Actor) -> None:
        rows_add(skill("Lifts"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (here,) = cursor.fetchone()
        parameters = wake._plain(dict(connection.get_connection_params()))
        with psycopg.connect(**parameters, autocommit=True) as other:  # type: ignore[arg-type]
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [here])
        noted(uuid4())

    with pytest.raises(OperationalError):
        cut(actor=SOMEBODY)
    added(actor=SOMEBODY)
    assert [row.name for row in Skill.objects.all()] == ["Gas"]


def test_a_change_is_not_told_as_failed_because_nobody_could_be_woken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wake, "_thread", None)
    start = Mock(side_effect=RuntimeError("can't start new thread"))
    with monkeypatch.context() as full, caplog.at_level(logging.WARNING):
        full.setattr(threading.Thread, "start", start)
        row = added(actor=SOMEBODY)
    assert (Skill.objects.get().pk, start.called) == (row.pk, True)
    assert "can't start new thread" in caplog.text


def test_under_a_key_the_answer_is_kept_by_the_message_that_commits() -> None:
    user = User.objects.create(email="els@example.com", name="Els", is_manager=True)
    els = Actor(user_id=user.pk, name="Els", door="api", is_manager=True)

    def work() -> Answer:
        _row, found = and_read(lambda: added(actor=els), named)
        return Answer(200, found[0][0][0])

    messages = Messages()
    with connection.execute_wrapper(messages):
        assert answer_once(els, "key", b"body", work, lambda e: Answer(e.status, {})).body == "Gas"
    assert [status for _sql, status in messages.seen] == [
        TransactionStatus.INTRANS,
        TransactionStatus.INTRANS,
        TransactionStatus.IDLE,
    ]
    assert IdempotencyKey.objects.get().answer == "Gas"


@pytest.mark.parametrize("code", [DEADLOCK, PLANS_OF_BEFORE_A_MIGRATION])
def test_under_a_key_all_is_tried_again_with_the_key(code: str) -> None:
    """The change by itself cannot be, within the transaction that holds the key."""
    user = User.objects.create(email="els@example.com", name="Els", is_manager=True)
    els = Actor(user_id=user.pk, name="Els", door="api", is_manager=True)
    tries: list[str] = []

    @service
    def losing(*, actor: Actor) -> None:
        tries.append(f"Try {len(tries) + 1}")
        rows_add(skill(tries[-1]))
        noted(uuid4())
        if len(tries) == 1:
            statement_add(LOST.format(code), [])

    def work() -> Answer:
        losing(actor=els)
        return Answer(201, tries[-1])

    for _first_and_repeat in range(2):
        answer = answer_once(els, "key", b"body", work, lambda e: Answer(e.status, {}))
        assert answer == Answer(201, "Try 2")
    assert [row.name for row in Skill.objects.all()] == tries[1:] == ["Try 2"]
