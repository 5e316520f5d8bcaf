"""`python -m bench.measure DATABASE RESULT`: serve one database, and measure it, in one process.

Page and floor take turns, so that whatever else the machine does falls on both alike.
"""

import itertools
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from bench.client import Browser

WARM, TIMED = 10, 100
PATIENCE = 10.0  # seconds for one line: a busy machine gets fewer requests, and the table says so
CLIENTS, SECONDS = 16, 10.0
EACH = 3.0  # seconds of 16 clients for each line of the table
PASSWORD = "measured-and-forgotten-1"


@dataclass
class Doors:
    """Who asks: a browser signed in as a manager, a program with a token, and the floor."""

    office: Any
    api: Any
    floor: Any

    def timed(self, ask: Any) -> float:
        """Milliseconds of one request."""
        return timed(self.api if ask.door == "api" else self.office, ask)


def timed(browser: Any, ask: Any) -> float:
    """Milliseconds of one request by this browser."""
    headers: dict[str, str] = {}
    if ask.door == "api" and ask.body is not None:
        headers = {"Content_Type": "application/json"}
    elif ask.method == "POST":
        headers = browser.post_headers()
    elif ask.fragment:
        headers = {"HX_Request": "true"}
    spent: float = browser.timed(ask.method, ask.path, ask.body, **headers)[0]
    return spent


def figures(times: list[float]) -> dict[str, float]:
    """The best tenth's slowest, median and p95."""
    ordered = sorted(times)
    return {
        "p10": ordered[len(ordered) // 10],
        "median": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
    }


def case_measure(case: Any, doors: Doors) -> dict[str, Any]:
    """One line of the table: warm-ups, then page and floor by turns."""
    page: list[float] = []
    floor: list[float] = []
    end = time.monotonic() + PATIENCE
    for number in range(WARM + TIMED):
        page.append(doors.timed(case.ask(number)))
        if case.after:
            doors.timed(case.after(number))
        if case.floor:
            floor.append(doors.floor.timed("GET", case.floor(number))[0])
        if case.floor_after:
            doors.floor.timed("GET", case.floor_after(number))
        if number >= WARM + 10 and time.monotonic() > end:
            break
    found: dict[str, Any] = {"key": case.key, "words": case.words, **figures(page[WARM:])}
    found["requests"] = len(page) - WARM
    if floor:
        found["floor"] = figures(floor[WARM:])["median"]
        found["ratio"] = statistics.median(
            a / b for a, b in zip(page[WARM:], floor[WARM:], strict=True)
        )
    found |= {"peer": case.peer, "wanted": case.wanted, "growth": case.growth}
    print(f"  {case.words}: {found['median']:.1f} ms", flush=True)
    return found


def crowd_measure(case: Any, port: int, doors: Doors) -> float | None:
    """Requests a second of 16 clients, each with its own orders; None for what is undone."""
    if case.after:
        return None

    def client(number: int) -> Callable[[], None]:
        door = doors.api if case.ask(0).door == "api" else doors.office
        browser = Browser(port, door.headers, dict(door.cookies))
        turns = itertools.count(number * 1_000)
        return lambda: void(timed(browser, case.ask(next(turns))))

    return together(CLIENTS, client, seconds=EACH)


def together(
    count: int, work: Callable[[int], Callable[[], None]], *, seconds: float = SECONDS
) -> float:
    """Requests a second of `count` clients who ask again as soon as they are answered."""
    done = [0] * count
    wrong: list[BaseException] = []
    begin, end = threading.Barrier(count + 1), threading.Event()

    def client(number: int) -> None:
        try:
            once = work(number)
            begin.wait(60)
            while not end.is_set():
                once()
                done[number] += 1
        except BaseException as error:
            wrong.append(error)
            begin.abort()
            raise

    threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    begin.wait(60)
    started = time.monotonic()
    end.wait(seconds)
    answered, spent = sum(done), time.monotonic() - started
    end.set()
    for thread in threads:
        thread.join(60)
    if wrong:
        raise wrong[0]
    return answered / spent


def crowds(port: int, doors: Doors, sample: Any) -> dict[str, float]:
    """16 clients at once: list pages, and changes of status."""
    from bench.cases import Ask

    def reader(_number: int) -> Callable[[], None]:
        browser = Browser(port, doors.office.headers, dict(doors.office.cookies))
        ask = Ask("/orders/?day=all&sort=-number")
        return lambda: void(timed(browser, ask))

    own: dict[Any, Any] = {}
    for order in sample.departing:
        own.setdefault(order.technician_id, order)
    orders = list(own.values())[:CLIENTS]

    def actor(number: int) -> Callable[[], None]:
        browser = Browser(port, doors.api.headers)
        place = f"/api/v1/service-orders/{orders[number].pk}/actions/"
        turns = [Ask(place + code, "POST", b"{}", "api") for code in ("depart", "turn-back")]
        state = {"turn": 0}

        def once() -> None:
            timed(browser, turns[state["turn"] % 2])
            state["turn"] += 1

        return once

    return {
        "list_pages": together(CLIENTS, reader),
        "changes": together(len(orders), actor),
        "changing": len(orders),
    } | crowds_on_floor([str(order.pk) for order in orders])


def crowds_on_floor(ids: list[str]) -> dict[str, float]:
    """The same of the floor, with a connection for each client: what this machine and its disk
    give at the most, the clients' own work included."""
    from django.db import connection

    from bench import place, serving

    name = str(connection.settings_dict["NAME"])
    with serving.floor(place.dsn("callout_app", name), CLIENTS) as port:

        def asking(paths: list[str]) -> Callable[[int], Callable[[], None]]:
            def client(number: int) -> Callable[[], None]:
                browser, path = Browser(port), paths[number % len(paths)]
                return lambda: void(browser.timed("GET", path))

            return client

        return {
            "list_pages_floor": together(CLIENTS, asking(["/list"])),
            "changes_floor": together(len(ids), asking([f"/depart?id={one}" for one in ids])),
        }


def void(_anything: object) -> None:
    """Nothing of interest."""


def weigh(browser: Any) -> dict[str, float]:
    """Kilobytes of the first office page with its scripts and styles, as they are sent."""
    import re

    plain = Browser(browser.port, browser.headers | {"Accept-Encoding": "gzip"}, browser.cookies)
    _status, page = plain.ask("GET", "/orders/")
    _status, other = plain.ask("GET", "/orders/kanban/")
    found = {"page": len(page) / 1000, "kanban_page": len(other) / 1000}
    known: set[str] = set()
    due = [one.decode() for one in re.findall(rb'(?:src|href)="(/static/[^"#]+)"', page)]
    due += [one.decode() for one in re.findall(rb'href="(/static/[^"#]+\.svg)#', page)]
    while due:
        path = due.pop()
        if path in known:
            continue
        known.add(path)
        _status, body = plain.ask("GET", path)
        kind = path.rpartition(".")[2]
        found[kind] = found.get(kind, 0.0) + len(body) / 1000
        if kind == "js":
            _status, text = browser.ask("GET", path)
            near = path.rpartition("/")[0]
            due += [f"{near}/{one.decode()}" for one in re.findall(rb'from\s*"\./([^"]+)"', text)]
            due += [f"{near}/{one.decode()}" for one in re.findall(rb'import"\./([^"]+)"', text)]
    return found


def main(database: str, result: Path) -> None:
    """Everything for one database."""
    from django.conf import settings

    from bench import machine, place, screens, serving, statements
    from bench.cases import cases, sampled
    from callout.orders.models import ServiceOrder

    with ExitStack() as stack:
        token = serving.manager_made(PASSWORD)
        served = stack.enter_context(serving.served(place.environment(database)))
        floor = stack.enter_context(serving.floor(place.dsn("callout_app", database)))
        doors = serving.doors_opened(served, floor, token, PASSWORD)
        rest = serving.memory_of(served.process.pid, settings.DATA)
        sample = sampled((WARM + TIMED) * 2)
        found: dict[str, Any] = {
            "orders": ServiceOrder.objects.count(),
            "bytes": place.size_of(database),
            "facts": machine.facts(),
            "memory_at_rest": rest,
            "lines": [case_measure(case, doors) for case in cases(sample)],
        }
        for line, case in zip(found["lines"], cases(sample), strict=True):
            line["statements"] = statements.counted(case, doors.office.cookies, token)
            line["crowd"] = crowd_measure(case, served.port, doors)
            print(f"  {case.words}: {line['crowd'] or 0:.0f} a second", flush=True)
        found["screens"] = figures(screens.screens_told(served.port, doors, sample))
        found["crowds"] = crowds(served.port, doors, sample)
        found["memory"] = serving.memory_of(served.process.pid, settings.DATA)
        found["weight"] = weigh(doors.office)
    result.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
