"""kill -9 of the worker itself while it optimises: the day is as it was, and another does it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from callout.orders.services import order_update
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.making import draft_stop
from callout.planning.models import PlanDraft
from callout.routing.starting import optimisation_start
from tests.harness.server import on_the_test_database, until
from tests.routing.world import Town, moves, plan, town_made

pytestmark = pytest.mark.process


@pytest.fixture
def town(transactional_db: None) -> Town:
    return town_made()


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """One as an operator starts it, on another machine perhaps."""
    environment = os.environ | on_the_test_database()
    environment["DJANGO_SETTINGS_MODULE"] = "callout.config.settings"
    process = subprocess.Popen(
        [sys.executable, "-m", "callout", "worker"], env=environment, stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def solver(of: "subprocess.Popen[bytes]") -> int | None:
    """The process in which it has somebody think."""
    for task in Path(f"/proc/{of.pid}/task").glob("*/children"):
        for number in task.read_text().split():
            if b"routing.engine.process" in Path(f"/proc/{number}/cmdline").read_bytes():
                return int(number)
    return None


def has_ended(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"  # ended, and nobody has asked how


@pytest.mark.dear
def test_the_day_is_as_it_was_another_worker_does_it_and_what_changed_meanwhile_is_told(
    town: Town,
) -> None:
    for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
        town.planned(hour, east)
    before = plan()
    draft = optimisation_start(actor=town.els, asked=town.asked(seconds=120))
    with worker() as first:
        until(lambda: solver(first) is not None)
        thinking = solver(first)
        assert thinking
        os.kill(first.pid, signal.SIGKILL)
        first.wait(30)
        until(lambda: has_ended(thinking))
    draft.refresh_from_db()
    assert (draft.state, moves(draft), plan()) == ("making", [], before)

    with worker() as second:
        with connection.cursor() as cursor:  # half a minute later
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
                " WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing')"
            )
        app.configure_task("kernel.stalled_jobs_retry", queue="kernel").defer(timestamp=0)
        until(lambda: solver(second) is not None)
        until(lambda: bool(PlanDraft.objects.get(pk=draft.pk).progress))
        draft_stop(actor=town.els, draft_id=draft.pk)
        until(lambda: bool(moves(draft)))
    assert (PlanDraft.objects.count(), plan()) == (1, before)

    changed, *rest = moves(draft)
    order_update(
        actor=town.ria, order_id=changed.order_id, version=changed.order_version,
        description="Call before you come",
    )  # fmt: skip
    draft_apply(actor=town.els, draft_id=draft.pk)
    told = {move.pk: (move.state, move.refusal) for move in moves(draft)}
    assert told[changed.pk] == ("refused", "It was changed meanwhile.")
    assert rest
    assert plan()[changed.order_id] == before[changed.order_id]
    after = plan()
    for move in moves(draft):
        if move.state == "applied":
            assert after[move.order_id] == (move.to_technician_id, move.to_start)
        else:
            assert after[move.order_id] == before[move.order_id]
            assert move.refusal
