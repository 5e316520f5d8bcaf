"""`python -m bench.growth DATABASE RESULT`: the board as what stands on it grows a hundredfold.

300 technicians with a month of finished days behind them; the same board asked for fewer people
and days. Page and floor by turns, as in `measure.py`.
"""

import json
import sys
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

TECHNICIANS, ORDERS = 300, 60_000
# Technicians and days: about 400, 4,000 and 40,000 visits.
RANGES = [(67, 1), (133, 7), (300, 31)]


def main(database: str, result: Path) -> None:
    """Fill a migrated database, serve it, ask for the three boards."""
    from bench import place, serving
    from bench.measure import PASSWORD, case_measure

    filled()
    with ExitStack() as stack:
        token = serving.manager_made(PASSWORD)
        served = stack.enter_context(serving.served(place.environment(database)))
        floor = stack.enter_context(serving.floor(place.dsn("callout_app", database)))
        doors = serving.doors_opened(served, floor, token, PASSWORD)
        lines = [case_measure(case, doors) for case in boards()]
    result.write_text(json.dumps({"lines": lines}, indent=1))


def filled() -> None:
    """A team of 300, six visits a working day each, for a month back and more."""
    from callout.config.demo.scale import scaled_fill
    from callout.config.demo.scale.company import Size
    from callout.kernel import clock

    class Crowd(Size):
        """A larger team than the bench's other companies."""

        technicians = TECHNICIANS

    scaled_fill(Crowd(ORDERS), clock.now())


def boards() -> list[Any]:
    """One line of the table for each range; the days begin on a Monday that is long past."""
    from callout.kernel import clock

    today = clock.now().date()
    last = today - timedelta(days=today.weekday() + 1)
    return [board(count, days, last) for count, days in RANGES]


def board(count: int, days: int, last: date) -> Any:
    """A board of so many technicians, whose last day is a Sunday, or of a Monday alone."""
    from bench.cases import Ask, Case
    from callout.accounts.zone import day_bounds
    from callout.orders.models import Assignment
    from callout.workforce.models import Technician

    first = last - timedelta(days=30 if days == 31 else 6)
    until = first + timedelta(days=days)
    everybody = Technician.objects.order_by("name_sort", "pk").values_list("pk", flat=True)
    team = list(everybody[:count])
    query = [("first", str(first)), ("days", str(days))]
    if count <= 200:  # more than the door takes: all of them
        query.append(("technician_id", ",".join(map(str, team))))
    begin, end = day_bounds(first)[0], day_bounds(until)[0]
    rows = Assignment.objects.filter(technician__in=team, start__gte=begin, start__lt=end)
    visits = rows.exclude(visit__outcome__in=["cancelled", "unplanned"]).count()
    path = f"/api/v1/planning/board?{urlencode(query)}"
    floor = "/board?" + urlencode({"first": begin, "until": end, "team": count})
    words = f"{visits:,} visits ({count} technicians, {days} {'day' if days == 1 else 'days'})"
    return Case(f"board_{visits}", words, lambda _n: Ask(path, door="api"), lambda _n: floor)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
