"""A week of everybody at a glance; a press on a day enters an absence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.accounts.zone import company_zone, today
from callout.kernel.dates import day_month, day_month_long, weekday_within
from callout.planning.week import DAYS, KEPT, Person, Week, WeekDay, day_range, team_week
from callout.web.access import ActorRequest, signed_in_page
from callout.web.office.account.base import base_of
from callout.web.office.plain import chosen_id
from callout.web.office.team.tabs import tabs
from callout.web.ui import assets
from callout.web.ui.addresses import address
from callout.workforce import selectors
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
    days = day_range(first, DAYS)
    reader = Reader(actor.is_manager, absent, today(), company_zone(), get_language(), _house())
    teams = selectors.team_list(actor=actor).items if actor.is_manager else []
    context = {
        "base": base_of(request),
        "nav": "team",
        "tabs": tabs(),
        "may": actor.is_manager,
        "heading": f"{day_month(days[0])} – {day_month(days[-1])} {days[-1].year}",
        "heads": [(str(WEEKDAYS_ABBR[one.weekday()]), day_month(one), one == today())
                  for one in days],
        "rows": [_row(row.technician, row.week, reader) for row in rows],
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


class Reader(NamedTuple):
    """All that a row depends on but whose week it is. Whoever `may` can enter absences by it; with
    `absent` they come back to those who are away."""

    may: bool
    absent: bool
    today: date
    zone: ZoneInfo
    language: str | None
    house: tuple[str, str]


def _house() -> tuple[str, str]:
    """Where icons and pages are: the tests' own have others."""
    return assets.icons().sprite, settings.ROOT_URLCONF


@lru_cache(maxsize=KEPT)
def _row(who: Person, week: Week, reader: Reader) -> SafeString:
    """Somebody's week in the table. Screens ask for the same ones again after every change."""
    teller = Teller(reader)
    said = {
        "who": who,
        "may": reader.may,
        "cells": [teller.cell(who, one) for one in week.days],
        "sum": teller.sum(week.days),
    }
    return mark_safe(render_to_string("office/team/week_row.html", said))  # noqa: S308


class Teller:
    """Says days to a reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        # What one comes back to from the side panel is the page as it was.
        self.back = "&absent=1" if reader.absent else ""

    def sum(self, days: Iterable[WeekDay]) -> str:
        """What is planned of their hours in the whole week; "" where that is not the reader's."""
        days = list(days)
        free = [one.free for one in days if one.free is not None]
        booked = [one.booked for one in days if one.booked is not None]
        return self._load(sum(booked), sum(free)) if free else ""

    def cell(self, technician: Person, one: WeekDay) -> Cell:
        """One day."""
        gone = [self._gone(away, one) for away in one.absences]
        hours = ""
        if one.hours:
            hours = f"{self._time(one.hours[0][0])}–{self._time(one.hours[-1][1])}"
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
            new_url=f"{new}?day={one.day}&to=week{self.back}" if self.reader.may else "",
            is_today=one.day == self.reader.today,
        )

    def _gone(self, away: Away, one: WeekDay) -> Gone:
        edit = address("office:absence_edit", absence_id=away.id)
        url = f"{edit}?day={one.day}&to=week{self.back}" if self.reader.may else ""
        return Gone(away.label, self._part(away, *one.bounds), url)

    def _part(self, away: Away, begin: datetime, end: datetime) -> str:
        starts, ends = away.start > begin, away.end < end
        if starts and ends:
            return f"{self._time(away.start)}–{self._time(away.end)}"
        if starts:
            return _("from %(time)s") % {"time": self._time(away.start)}
        return _("until %(time)s") % {"time": self._time(away.end)} if ends else ""

    def _time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.reader.zone):%H:%M}"

    def _load(self, booked: int, free: int) -> str:
        said = {"booked": self._span(booked), "free": self._span(free)}
        return _("%(booked)s of %(free)s") % said

    def _span(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours and rest:
            return _("%(count)d min") % {"count": rest}
        words = _("%(count)d h") % {"count": hours}
        return f"{words} {rest:02d}" if rest else words
