"""Holidays of a calendar: by hand, a whole year of a country, or from a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.company import company
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import (
    constraint_means,
    fields_set,
    row_lock,
    row_save,
    rows_add,
    service,
)
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, NotFound
from callout.workforce import fields, policy
from callout.workforce.holiday_files import holidays_read
from callout.workforce.models import Holiday, WorkingCalendar
from callout.workforce.public_holidays import public_holidays
from callout.workforce.services.write import live


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of many holidays at once: how many are new, how many days had one already."""

    added: int
    there: int


def _twice() -> Invalid:
    return Invalid({"date": [_("This day is a holiday already.")]})


constraint_means("holiday_once", _twice)


@service
def holiday_add(*, actor: Actor, calendar_id: UUID, date: date | str | None, name: str) -> Holiday:
    """A day on which nobody with this calendar works. Visits planned on it stay."""
    policy.manage(actor)
    clean = cleaned(fields.HOLIDAY, {"date": date, "name": name})
    calendar = _held(actor, calendar_id)
    if calendar.holidays.filter(date=clean["date"]).exists():
        raise _twice()
    row = Holiday(calendar=calendar, **clean)
    rows_add(row)
    _record(actor, calendar.pk, "holiday_add", **_facts(row))
    return row


@service
def holiday_update(
    *,
    actor: Actor,
    holiday_id: UUID,
    version: int,
    date: date | str | None = None,
    name: str | None = None,
) -> Holiday:
    """Another day, or another name; what is None stays."""
    policy.manage(actor)
    given = {key: value for key, value in (("date", date), ("name", name)) if value is not None}
    clean = cleaned(fields.HOLIDAY, given)
    row = _found(actor, holiday_id, version)
    before = _facts(row)
    if changed := fields_set(row, clean):
        row_save(row, changed)
        _record(actor, row.calendar_id, "holiday_update", **_facts(row), before=before["date"])
    return row


@service
def holiday_remove(*, actor: Actor, holiday_id: UUID, version: int | None = None) -> None:
    """A day of work like others."""
    policy.manage(actor)
    row = _found(actor, holiday_id, version)
    Holiday.objects.filter(pk=row.pk).delete()
    _record(actor, row.calendar_id, "holiday_remove", **_facts(row))


@service
def holidays_fill(
    *, actor: Actor, calendar_id: UUID, year: int, country: str, region: str = ""
) -> Filled:
    """The public holidays of a year, in the company's language. Days that are there stay."""
    policy.manage(actor)
    days = public_holidays(country, region, year, company().language)
    facts = {"year": year, "country": country, "region": region}
    return _add(actor, calendar_id, days, "holidays_fill", facts)


@service
def holidays_import(*, actor: Actor, calendar_id: UUID, name: str, data: bytes) -> Filled:
    """The holidays of a file (.ics, .csv): all of them, or none where one cannot be read. Days that
    are there stay as they are."""
    policy.manage(actor)
    return _add(actor, calendar_id, holidays_read(name, data), "holidays_import", {})


def _add(
    actor: Actor,
    calendar_id: UUID,
    days: Iterable[tuple[date, str]],
    kind: str,
    facts: dict[str, Any],
) -> Filled:
    calendar = _held(actor, calendar_id)
    there = set(calendar.holidays.values_list("date", flat=True))
    wanted = list(days)
    new = [
        Holiday(calendar=calendar, date=day, name=name[:80])
        for day, name in wanted
        if day not in there
    ]
    rows_add(*new)
    added = [row.date.isoformat() for row in new]
    _record(actor, calendar.pk, kind, **facts, dates=added)
    return Filled(len(new), len(wanted) - len(new))


def _held(actor: Actor, calendar_id: UUID) -> WorkingCalendar:
    """The calendar, locked: its holidays change one after the other."""
    calendar = row_lock(policy.visible_calendars(actor), calendar_id)
    live(calendar)
    return calendar


def _found(actor: Actor, holiday_id: UUID, version: int | None) -> Holiday:
    rows = policy.visible_holidays(actor)
    calendar_id = rows.filter(pk=holiday_id).values_list("calendar_id", flat=True).first()
    if calendar_id is None:
        raise NotFound
    _held(actor, calendar_id)
    return row_lock(rows, holiday_id, version)


def _facts(row: Holiday) -> dict[str, str]:
    return {"date": row.date.isoformat(), "name": row.name}


def _record(actor: Actor, calendar_id: UUID, kind: str, **facts: Any) -> None:
    journal.record(actor, entity="calendar", entity_id=calendar_id, kind=kind, facts=facts)
