"""`python -m bench.optimise_large DATABASE RESULT`: a day of 200 technicians and 1,600 orders.

Asked for on the real server: what the office's pages cost meanwhile, what memory it takes, and how
long the whole plan takes to be applied and undone.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from bench.optimise import Told

TECHNICIANS, ORDERS, SECONDS = 200, 1_600, 20
TURNS = 2  # alone and beside it, by turns
ALONE = 12.0  # seconds


def main(database: str, result: Path) -> None:
    """Fill a migrated database once for this run, serve it, optimise, write down."""
    from bench.optimise import Told

    filled()
    told = Told()
    _served(database, told)
    result.write_text(json.dumps({"optimise_large": told}, indent=1))


def filled() -> None:
    """A team of 200 with 1,600 orders to plan."""
    from bench import auto_plan
    from bench.suggest import needing_a_skill
    from callout.accounts.models import User
    from callout.accounts.selectors import actor_for_user
    from callout.config.demo.scale.company import Size, company_fill

    class Crowd(Size):
        """A large team."""

        technicians = TECHNICIANS

    company_fill(Crowd(orders=1_000))
    actor = actor_for_user(User.objects.get(is_manager=True), "api")
    auto_plan.pile_fill(actor, needing_a_skill(), ORDERS)


def working_day() -> date:
    """The next one."""
    from callout.accounts.zone import today

    day = today() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _served(database: str, told: "Told") -> None:
    from bench import beside, place, serving
    from bench.client import Browser, signed_in
    from bench.optimise_day import PASSWORD, PLACE, posted, ready

    token, day = serving.manager_made(PASSWORD), working_day()
    with serving.served(place.environment(database)) as server:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        api = Browser(server.port, headers)
        people = [signed_in(server.port, serving.MANAGER, PASSWORD) for _ in range(2)]
        pages = [
            f"/planning/?day={day}", f"/api/v1/planning/map?day={day}", "/orders/",
            f"/api/v1/planning/board?first={day}",
        ]  # fmt: skip
        watch = beside.Watch(people, pages)
        watch.warmed()
        alone: list[float] = []
        meanwhile: list[float] = []
        asked = {"days": [day.isoformat()], "moves": "unplanned", "seconds": SECONDS}
        for turn in range(TURNS):
            alone += watch.during(beside.seconds(ALONE))
            began = time.monotonic()
            draft = posted(api, PLACE, asked)["id"]
            with peaks(server.process.pid) as memory:
                state = _State(headers, server.port, draft)
                meanwhile += watch.during(state.made)
            taken = time.monotonic() - began
            if turn + 1 < TURNS:
                posted(api, f"/api/v1/planning/drafts/{draft}/drop", {})
        one = ready(api, draft)
        told.add(
            "200 technicians: orders served", one["figures"]["after"]["served"], f"of {ORDERS}"
        )
        told.add("from POST to result", taken, f"s, asked for {SECONDS} s")
        told.add("memory of the solver's process, at most", memory["child"], "MB")
        told.add("memory of the worker, at most", memory["worker"], "MB")
        told.add("pages alone, median", median(alone), "ms")
        told.add("pages alone, p95", beside.p95(alone), "ms")
        told.add("pages while it runs, median", median(meanwhile), "ms")
        told.add("pages while it runs, p95", beside.p95(meanwhile), "ms")
        told.add("p95 beside to p95 alone", beside.p95(meanwhile) / beside.p95(alone), "times")
        told.add("pages asked for", len(alone) + len(meanwhile), "pages")
        for words, path in (("applied whole", "apply"), ("undone as one", "undo")):
            began = time.monotonic()
            posted(api, f"/api/v1/planning/drafts/{draft}/{path}", {})
            told.add(words, time.monotonic() - began, "s")
        told.add("children left over", len(solvers(server.process.pid)), "processes")


class _State:
    """Looks how far it is, seldom."""

    def __init__(self, headers: dict[str, str], port: int, draft: str) -> None:
        from bench.client import Browser
        from bench.optimise_day import PLACE

        self.browser: Browser = Browser(port, headers)
        self.path = f"{PLACE}/{draft}"
        self.asked = 0.0

    def made(self) -> bool:
        """Whether it has come to its end."""
        if time.monotonic() - self.asked < 1.0:
            return False
        self.asked = time.monotonic()
        found = json.loads(self.browser.timed("GET", self.path)[1])
        return bool(found["state"] != "making")


def solvers(serve: int) -> dict[int, int]:
    """The solvers' processes below the server, and whose they are."""
    from bench import machine

    found = {}
    for one in machine.children(serve):
        try:
            command = Path(f"/proc/{one}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
        if b"routing.engine.process" in command:
            found[one] = parent
    return found


@contextmanager
def peaks(serve: int) -> Iterator[dict[str, float]]:
    """The most memory of a solver's process and of its worker, until the end of the `with`."""
    most = {"child": 0.0, "worker": 0.0}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.2):
            for child, worker in solvers(serve).items():
                most["child"] = max(most["child"], _resident(child))
                most["worker"] = max(most["worker"], _resident(worker))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _resident(pid: int) -> float:
    """Megabytes at its peak."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")),
        0.0,
    )


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
