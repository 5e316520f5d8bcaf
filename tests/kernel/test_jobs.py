"""Jobs: done by the real worker, done again after a crash, and cleaned up after."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from callout.kernel import clock, tasks
from callout.kernel.models import IdempotencyKey
from tests.harness import database
from tests.harness.server import Served

pytestmark = pytest.mark.django_db(transaction=True)


def sql(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def eventually(check: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def run(task: Any) -> Any:
    """An asynchronous task as the worker runs it."""

    class Context:
        app = None

    context = Context()
    context.app = app  # type: ignore[assignment]
    return asyncio.run(task.func(context, timestamp=0))


def a_job(status: str, heartbeat: str, one_waits: str = "") -> int:
    sql(
        "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - %s::interval) RETURNING id)"
        " INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
        " SELECT 'kernel', 'kernel.sessions_purge', %s::procrastinate_job_status, id,"
        " nullif(%s, '') FROM w",
        heartbeat,
        status,
        one_waits,
    )
    return int(ProcrastinateJob.objects.latest("id").pk)


def test_a_job_of_a_dead_worker_is_handed_out_again_and_of_a_living_one_not() -> None:
    dead, alive = a_job("doing", "2 minutes"), a_job("doing", "5 seconds")
    assert run(tasks.stalled_jobs_retry) == 1
    assert run(tasks.stalled_jobs_retry) == 0  # twice is harmless
    status = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert status == {dead: "todo", alive: "doing"}


def test_a_job_for_which_another_waits_already_is_not_handed_out_again_and_stops_no_other() -> None:
    dead = a_job("doing", "2 minutes", one_waits="the same")
    waiting = a_job("todo", "2 minutes", one_waits="the same")
    behind = a_job("doing", "2 minutes")
    assert run(tasks.stalled_jobs_retry) == 2
    status = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert status == {dead: "aborted", waiting: "todo", behind: "todo"}


def test_finished_jobs_and_their_events_go_after_a_while() -> None:
    for status, days in (("succeeded", 4), ("succeeded", 1), ("failed", 4), ("failed", 40)):
        job = a_job("doing", "1 second")
        sql("SELECT procrastinate_finish_job_v1(%s, %s, false)", job, status)
        sql("UPDATE procrastinate_events SET at = now() - %s * interval '1 day' WHERE job_id = %s",
            days, job)  # fmt: skip
    kept = list(ProcrastinateJob.objects.order_by("pk").values_list("pk", flat=True))[1:3]
    run(tasks.finished_jobs_purge)
    assert list(ProcrastinateJob.objects.order_by("pk").values_list("pk", flat=True)) == kept
    assert set(ProcrastinateEvent.objects.values_list("job_id", flat=True)) <= set(kept)


def test_answers_are_forgotten_after_thirty_days_and_not_before() -> None:
    user = uuid4()
    for key in ("old", "young"):
        IdempotencyKey.objects.create(user_id=user, key=key, body_hash=b"x")
    now = clock.now()
    IdempotencyKey.objects.filter(key="old").update(created_at=now - timedelta(days=30, hours=1))
    IdempotencyKey.objects.filter(key="young").update(created_at=now - timedelta(days=29))
    assert tasks.idempotency_keys_purge(timestamp=0) == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]


def test_purging_goes_on_over_several_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    long_ago = clock.now() - timedelta(days=40)
    for number in range(5):
        IdempotencyKey.objects.create(user_id=uuid4(), key=str(number), body_hash=b"x")
    IdempotencyKey.objects.update(created_at=long_ago)
    assert tasks.idempotency_keys_purge(timestamp=0) == 5


def expired_session() -> None:
    Session.objects.create(session_key="x", expire_date=clock.now() - timedelta(days=1))


@pytest.mark.wide
def test_the_real_worker_does_what_was_committed(server: Served) -> None:
    expired_session()
    with transaction.atomic():
        tasks.sessions_purge.defer(timestamp=0)  # type: ignore[call-arg]
    eventually(lambda: not Session.objects.exists())


@pytest.mark.wide
def test_what_was_rolled_back_is_never_done(server: Served) -> None:
    purge = tasks.idempotency_keys_purge
    with transaction.atomic():
        purge.defer(timestamp=111)  # type: ignore[call-arg]
        transaction.set_rollback(True)
    purge.defer(timestamp=222)  # type: ignore[call-arg]
    done = ProcrastinateJob.objects.filter(status="succeeded")
    eventually(lambda: done.filter(args__timestamp=222).exists())  # the worker has been there
    assert not ProcrastinateJob.objects.filter(args__timestamp=111).exists()


@pytest.mark.wide
def test_the_worker_goes_on_after_its_connections_were_cut(server: Served) -> None:
    with database.superuser(database.NAME) as root:
        root.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query ILIKE '%procrastinate%'"
            " AND pid <> pg_backend_pid()"
        )
    connection.close()
    tasks.idempotency_keys_purge.defer(timestamp=333)  # type: ignore[call-arg]
    done = ProcrastinateJob.objects.filter(status="succeeded", args__timestamp=333)
    eventually(done.exists, 15)


def test_all_periodic_tasks_are_registered() -> None:
    names = {name for name, _id in app.periodic_registry.periodic_tasks}
    assert names >= {
        "kernel.stalled_jobs_retry",
        "kernel.finished_jobs_purge",
        "kernel.idempotency_keys_purge",
        "kernel.sessions_purge",
    }
