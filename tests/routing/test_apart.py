"""The engine in its real process: a plan comes, it is stopped, it is killed."""

import os
import signal
import threading
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from callout.planning.drafts.applying import draft_apply
from callout.planning.models import PlanDraft
from callout.routing import running
from callout.routing.engine.process import Died
from callout.routing.running import optimisation_run
from callout.routing.starting import optimisation_start
from tests.routing.world import Town, moves, plan, worked

pytestmark = [pytest.mark.django_db, pytest.mark.wide]
PATIENCE = 30.0


def children() -> list[int]:
    """The engine's processes of this one."""
    found = []
    for one in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for number in one.read_text().split():
            if b"routing.engine.process" in Path(f"/proc/{number}/cmdline").read_bytes():
                found.append(int(number))
    return found


def killed() -> None:
    """The first that comes, once it thinks."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if there := children():
            os.kill(there[0], signal.SIGKILL)
            return
        time.sleep(0.02)


def day(town: Town) -> PlanDraft:
    for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
        town.planned(hour, east)
    return optimisation_start(actor=town.els, asked=town.asked())


def test_killed_the_day_is_as_it_was_and_tried_again_it_makes_one_draft(town: Town) -> None:
    draft, before = day(town), plan()
    killer = threading.Thread(target=killed)
    killer.start()
    with pytest.raises(Died):
        optimisation_run(draft.pk, last=False)
    killer.join()
    draft.refresh_from_db()
    assert (draft.state, moves(draft), plan(), children()) == ("making", [], before, [])
    worked(draft)
    assert draft.state == "ready"
    assert moves(draft)
    assert PlanDraft.objects.count() == 1
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"applied"}


def test_the_job_of_a_solver_that_died_is_done_again_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[bool] = []

    def dies(_draft_id: UUID, *, last: bool) -> None:
        tries.append(last)
        raise Died("killed")

    monkeypatch.setattr(running, "optimisation_run", dies)
    with app.replace_connector(InMemoryConnector()) as working:
        working.configure_task("routing.optimisation_run").defer(draft_id=str(uuid4()))
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert tries == [False, False, True]
