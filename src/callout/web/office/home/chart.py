"""What was completed on each day of the last weeks: drawn, and said again as a table.

The picture has no text of its own: it is stretched to its place, and words would be with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.dates import day_month, day_month_long
from callout.kernel.lagging import lagging_read
from callout.orders.filters import OrderFilter
from callout.orders.selectors.counts import completed_by_day
from callout.orders.selectors.list_sql import count_words
from callout.web.ui.addresses import address

WEEKS = 5
BAR, GAP, BETWEEN_WEEKS = 8, 2, 6
HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its count and list, and its bar (`height` 0 for none)."""

    name: str
    count: str
    url: str
    is_today: bool
    is_to_come: bool
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week, Monday to Sunday, with its sum."""

    label: str
    days: list[Day]
    total: str
    url: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All weeks, the latest last; `most` is the tallest bar's count."""

    weeks: list[Week]
    weekdays: list[tuple[str, str]]
    most: int
    width: int
    height: int
    summary: str


def chart_shown(actor: Actor) -> Chart:
    """The last five weeks, this one among them. For managers; one query."""
    now = today()
    monday = now - timedelta(days=now.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    last = monday + timedelta(days=6)
    counts = lagging_read(partial(completed_by_day, actor=actor, first=first, last=last))
    most = max(counts.values(), default=0)
    weeks = []
    for number in range(WEEKS):
        begin = first + timedelta(weeks=number)
        days = [begin + timedelta(days=index) for index in range(7)]
        weeks.append(
            Week(
                label=f"{day_month(begin)} – {day_month(days[-1])}",
                days=[_day(one, counts.get(one, 0), most, first, now) for one in days],
                total=count_words(sum(counts.get(one, 0) for one in days)),
                url=_list(begin, days[-1]),
            )
        )
    total = sum(counts.values())
    said = {"count": total, "weeks": WEEKS, "most": most}
    return Chart(
        weeks=weeks,
        weekdays=[(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)],
        most=most,
        width=WEEKS * 7 * (BAR + GAP) + (WEEKS - 1) * BETWEEN_WEEKS - GAP,
        height=HEIGHT,
        summary=_(
            "Orders completed on each day of %(weeks)d weeks: %(count)d in all, at most %(most)d"
            " on one day. The table below says the same."
        )
        % said,
    )


def _day(day: date, count: int, most: int, first: date, now: date) -> Day:
    index = (day - first).days
    height = max(round(HEIGHT * count / most), 2) if count else 0
    return Day(
        name=f"{WEEKDAYS_ABBR[day.weekday()]} {day_month_long(day)}",
        count=count_words(count),
        url=_list(day, day),
        is_today=day == now,
        is_to_come=day > now,
        x=index * (BAR + GAP) + index // 7 * BETWEEN_WEEKS,
        y=HEIGHT - height,
        height=height,
    )


def _list(first: date, last: date) -> str:
    wanted = OrderFilter(stages=("completed",), date_from=first, date_to=last)
    return address("office:orders") + wanted.query()
