"""Holidays read from a file: a calendar (.ics) or a table (.csv). Pure: nothing is written.

Whatever cannot be understood is refused as a whole, with the line or the event named.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong, text
from callout.kernel.errors import Invalid

if TYPE_CHECKING:
    from icalendar import Event

MOST_BYTES = 512 * 1024
MOST_DAYS = 1000
LONGEST = 60  # days of one event
TOLD = 5  # faults named at once

Found = tuple[str, date, str]  # where it stands, the day, its name
Days = list[tuple[date, str]]


def holidays_read(name: str, data: bytes) -> Days:
    """The days of a file, in order. Invalid beside "file" with all that is wrong (some of it)."""
    if len(data) > MOST_BYTES:
        raise _refused([_("The file has 512 kB at most.")])
    kind = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if kind not in {"ics", "csv"}:
        raise _refused([_("Choose a calendar (.ics) or a table (.csv).")])
    try:
        found = list(_ics(data) if kind == "ics" else _csv(data))
        return _once(found)
    except Wrong as error:
        raise _refused([str(error)]) from None


def _refused(words: list[str]) -> Invalid:
    return Invalid({"file": words})


def _once(found: list[Found]) -> Days:
    if not found:
        raise Wrong(_("There is no holiday in this file."))
    if len(found) > MOST_DAYS:
        raise Wrong(_("At most %(most)d holidays at once.") % {"most": MOST_DAYS})
    seen: dict[date, str] = {}
    doubles = []
    for place, day, name in found:
        if day in seen:
            words = _("%(place)s: %(day)s is there twice, as “%(one)s” and “%(other)s”.")
            shown = {"place": place, "day": day.isoformat(), "one": seen[day], "other": name}
            doubles.append(words % shown)
        seen.setdefault(day, name)
    if doubles:
        raise _refused(_some(doubles))
    return sorted(seen.items())


def _some(words: list[str]) -> list[str]:
    more = len(words) - TOLD
    return words[:TOLD] + ([_("And %(count)d more.") % {"count": more}] if more > 0 else [])


def _day(written: str) -> date:
    """2026-12-25, or day first: 25/12/2026, 25.12.2026, 25-12-2026."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", written)
    parts = (found[1], found[2], found[3]) if found else None
    if found := re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", written):
        parts = (found[4], found[3], found[1])
    try:
        day = date(*map(int, parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(
            _("“%(written)s” is no date. Write 2026-12-25 or 25/12/2026.")
            % {"written": written[:30]}
        )
    return _possible(day)


def _possible(day: date) -> date:
    if not 1900 <= day.year <= 2199:
        raise Wrong(_("The year %(year)d cannot be right.") % {"year": day.year})
    return day


def _name(given: str) -> str:
    return str(text(80, required=True)(given))


# --- tables --------------------------------------------------------------------------------------


def _csv(data: bytes) -> Iterator[Found]:
    faults = []
    for number, row in enumerate(_rows(data), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if number == 1 and not re.search("[0-9]", cells[0]):
            continue  # the heads of the columns
        place = _("Line %(number)d") % {"number": number}
        try:
            if len(cells) < 2 or any(cells[2:]):
                raise Wrong(_("write a date and a name, like 2026-12-25;Christmas."))
            yield place, _day(cells[0]), _name(cells[1])
        except Wrong as error:
            faults.append(f"{place}: {error}")
    if faults:
        raise _refused(_some(faults))


def _rows(data: bytes) -> Iterable[list[str]]:
    try:
        whole = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        whole = data.decode("cp1252", errors="replace")  # as spreadsheets of Western Europe save it
    if "\0" in whole:
        raise Wrong(_("This is no table of text. Save it as CSV (UTF-8)."))
    lines = whole.splitlines()
    mark = max(";,\t", key=lambda one: sum(one in line for line in lines))
    try:
        return list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error:
        raise Wrong(_("This is no table of text. Save it as CSV (UTF-8).")) from None


# --- calendars -----------------------------------------------------------------------------------


def _ics(data: bytes) -> Iterator[Found]:
    from icalendar import Calendar, Event  # its megabytes are for whoever sends such a file

    try:
        calendars = Calendar.from_ical(data, multiple=True)
        events = [
            event
            for calendar in calendars
            for event in calendar.walk("VEVENT")
            if isinstance(event, Event)
        ]
    except ValueError:
        raise Wrong(_("This is no calendar file, or it is damaged.")) from None
    if not calendars:
        raise Wrong(_("This is no calendar file, or it is damaged."))
    faults = []
    for number, event in enumerate(events, 1):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        place = _("Event %(number)d") % {"number": number}
        try:
            name = _name(str(event.get("SUMMARY", "")))
            place = f"{place} (“{name}”)"
            for day in _days(event):
                yield place, _possible(day), name
        except Wrong as error:
            faults.append(f"{place}: {error}")
    if faults:
        raise _refused(_some(faults))


def _days(event: "Event") -> list[date]:
    """The days of a whole-day event."""
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        raise Wrong(_("it repeats. Give each date as an event of its own."))
    try:
        start, end = event.start, event.end
    except (ValueError, OverflowError):
        raise Wrong(_("its date cannot be read.")) from None
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise Wrong(_("it has hours. A holiday is a whole day."))
    length = (end - start).days
    if not 0 <= length <= LONGEST:
        raise Wrong(_("it lasts too long, or ends before it begins."))
    return [start + timedelta(days=number) for number in range(max(length, 1))]
