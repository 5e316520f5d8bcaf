"""A week of everybody at a glance; a press on a day enters an absence."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.accounts.zone import day_bounds, today
from callout.kernel.dates import day_month, day_month_long, weekday_within
from callout.orders.selectors.when import When
from callout.planning.week import DAYS, WeekDay, team_week
from callout.web.access import ActorRequest, signed_in_page
from callout.web.office.account.base import base_of
from callout.web.office.plain import chosen_id
from callout.web.office.team.tabs import tabs
from callout.web.ui.addresses import address
from callout.workforce import selectors
from callout.workforce.models import Technician
from callout.workforce.selectors import Away

FIRST, LAST = date(1900, 1, 8), date(2199, 12, 20)
FULL = 100


@dataclass(frozen=True, slots=True)
class Gone:
    """An absence on one day: `part` says which part of it, "" for all of it."""

    label: str
    part: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of somebody, in words. `is_free` is said of what the reader may know alone, and
    `percent` is None where there is nothing to fill."""

    id: str
    hours: str
    is_free: bool
    holiday: str
    gone: list[Gone]
    load: str
    percent: int | None
    over: bool
    said: str
    new_url: str
    is_today: bool


@require_safe
@signed_in_page
def week_page(request: ActorRequest) -> HttpResponseBase:
    """The week of `day`, of everybody or of one team; with `absent` those away on that day."""
    actor, day = request.actor, _asked(request.GET.get("day", ""))
    team_id, absent = chosen_id(request, "team"), request.GET.get("absent") == "1"
    rows = team_week(actor=actor, day=day, team_id=team_id, absent=absent)
    first = day - timedelta(days=day.weekday())
    days = [first + timedelta(days=number) for number in range(DAYS)]
    teller = Teller(actor.is_manager, absent)
    teams = selectors.team_list(actor=actor).items if actor.is_manager else []
    context = {
        "base": base_of(request),
        "nav": "team",
        "tabs": tabs(),
        "may": actor.is_manager,
        "heading": f"{day_month(days[0])} – {day_month(days[-1])} {days[-1].year}",
        "heads": [(str(WEEKDAYS_ABBR[one.weekday()]), day_month(one), one == today())
                  for one in days],
        "rows": [
            {"technician": row.technician, "cells": teller.cells(row.technician, row.days),
             "sum": teller.sum(row.days)}
            for row in rows
        ],
        "teams": [(str(team.pk), team.name) for team in teams],
        "team": str(team_id or ""),
        "day": day,
        "absent": absent,
        "narrowed": absent or team_id is not None,
        "all_url": week_url(day),
        "absent_url": week_url(day, team=team_id, absent="1"),
        "with_url": week_url(day, team=team_id),
        "before": week_url(day - timedelta(days=DAYS), team=team_id),
        "after": week_url(day + timedelta(days=DAYS), team=team_id),
        "now": week_url(today(), team=team_id),
        "is_now": first <= today() <= days[-1],
        "absent_words": _("Absent on %(day)s") % {
            "day": f"{weekday_within(day)} {day_month_long(day)}"
        },
    }  # fmt: skip
    return render(request, "office/team/week.html", context)


def week_url(day: date, **narrowed: Any) -> str:
    """The page of the week of `day`."""
    more = "".join(f"&{name}={value}" for name, value in narrowed.items() if value)
    return f"{address('office:team_week')}?day={day}{more}"


def _asked(text: str) -> date:
    """The day of the address; what is none is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today()
    return min(max(day, FIRST), LAST)


class Teller:
    """Says days; whoever `may` can enter absences by them."""

    def __init__(self, may: bool, absent: bool) -> None:
        self.may, self.when, self.today = may, When(), today()
        # What one comes back to from the side panel is the page as it was.
        self.back = "&absent=1" if absent else ""

    def cells(self, technician: Technician, days: list[WeekDay]) -> list[Cell]:
        """Somebody's seven days."""
        return [self._cell(technician, one) for one in days]

    def sum(self, days: list[WeekDay]) -> str:
        """What is planned of their hours in the whole week; "" where that is not the reader's."""
        free = [one.free for one in days if one.free is not None]
        booked = [one.booked for one in days if one.booked is not None]
        return self._load(sum(booked), sum(free)) if free else ""

    def _cell(self, technician: Technician, one: WeekDay) -> Cell:
        gone = [self._gone(away, one.day) for away in one.absences]
        hours = ""
        if one.hours:
            hours = f"{self.when.time(one.hours[0][0])}–{self.when.time(one.hours[-1][1])}"
        free, booked = one.free or 0, one.booked or 0
        load = self._load(booked, free) if one.free is not None and (free or booked) else ""
        parts = [
            f"{technician.name}, {weekday_within(one.day)} {day_month_long(one.day)}",
            one.holiday or hours or (_("free") if one.free is not None else ""),
            *(f"{away.label} {away.part}".strip() for away in gone),
            _("%(load)s planned") % {"load": load} if load else "",
        ]
        new = address("office:absence_new", technician_id=technician.pk)
        return Cell(
            id=f"{technician.pk}-{one.day}",
            hours=hours,
            is_free=not hours and one.free is not None,
            holiday=one.holiday,
            gone=gone,
            load=load,
            percent=min(round(100 * booked / free), FULL) if free else (FULL if booked else None),
            over=booked > free,
            said=", ".join(part for part in parts if part),
            new_url=f"{new}?day={one.day}&to=week{self.back}" if self.may else "",
            is_today=one.day == self.today,
        )

    def _gone(self, away: Away, day: date) -> Gone:
        begin, end = day_bounds(day)
        edit = address("office:absence_edit", absence_id=away.id)
        url = f"{edit}?day={day}&to=week{self.back}" if self.may else ""
        return Gone(away.label, self._part(away, begin, end), url)

    def _part(self, away: Away, begin: datetime, end: datetime) -> str:
        starts, ends = away.start > begin, away.end < end
        if starts and ends:
            return f"{self.when.time(away.start)}–{self.when.time(away.end)}"
        if starts:
            return _("from %(time)s") % {"time": self.when.time(away.start)}
        return _("until %(time)s") % {"time": self.when.time(away.end)} if ends else ""

    def _load(self, booked: int, free: int) -> str:
        said = {"booked": self._span(booked), "free": self._span(free)}
        return _("%(booked)s of %(free)s") % said

    def _span(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours and rest:
            return _("%(count)d min") % {"count": rest}
        words = _("%(count)d h") % {"count": hours}
        return f"{words} {rest:02d}" if rest else words
