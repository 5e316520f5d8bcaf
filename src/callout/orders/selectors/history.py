"""What happened to an order, read from the journal, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery, TextField, UUIDField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.orders.models import Reason
from callout.orders.selectors.history_names import MARKS
from callout.orders.selectors.history_words import words_of
from callout.orders.selectors.reading import OrderId
from callout.orders.selectors.when import When
from callout.workforce.models import Technician

MOST_LINES = 200
LATE_NEWS = timedelta(minutes=2)
PLANS = ("plan", "plan_another", "replan")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, its mark (`status` or `icon`), what, who and by which door, and a text."""

    date: date
    time: str
    iso: str
    text: str
    status: str
    icon: str
    aside: str
    who: str
    note: str
    day: str = ""  # a heading instead of a line


def journal_of(actor: Actor, order_id: OrderId) -> QuerySet[JournalEntry]:
    """The order's entries that `actor` may read, newest first, with the names they speak of.

    A technician reads what was addressed to them, without others' planned work.
    """
    rows = JournalEntry.objects.filter(entity_id=order_id, entity="service_order")
    if not actor.is_manager:
        own = str(actor.technician_id)
        rows = rows.filter(audience__contains=[own])
        others = rows.filter(kind__in=PLANS).exclude(facts__technician=own)
        rows = rows.exclude(pk__in=others.values("pk"))
    return rows.annotate(
        technician_key=_key("technician"),
        reason_key=_key("reason"),
        person=Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]),
        technician=_named(Technician, "technician_key", "name"),
        reason=_named(Reason, "reason_key", "label"),
    ).order_by("-id")


def _key(fact: str) -> Cast:
    """The id that the entry's facts hold under a name."""
    text = KeyTextTransform(fact, "facts", output_field=TextField())
    return Cast(NullIf(text, Value("")), UUIDField())


def _named(model: type[Model], key: str, column: str) -> Subquery:
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).values(column)[:1])


def lines_of(entries: Iterable[Any], when: When) -> list[Line]:
    """Entries of `journal_of` as lines, newest first by when it truly happened, with day heads."""
    lines = [_line(entry, when) for entry in sorted(entries, key=_newest_first, reverse=True)]
    headed: list[Line] = []
    for line in lines:
        if not headed or headed[-1].date != line.date:
            headed.append(_heading(line.date, when))
        headed.append(line)
    return headed


def _newest_first(entry: Any) -> tuple[datetime, int]:
    return entry.at, entry.id


def _heading(day: date, when: When) -> Line:
    return Line(day, "", "", "", "", "", "", "", "", day=when.heading(day))


def _line(entry: Any, when: When) -> Line:
    text, aside = words_of(entry, when)
    status, icon = MARKS.get(entry.kind, ("", "point"))
    personal = entry.personal or {}
    return Line(
        date=when.local(entry.at).date(),
        time=when.time(entry.at),
        iso=entry.at.isoformat(),
        text=text,
        status=status,
        icon=icon,
        aside=aside,
        who=_who(entry, when),
        note=str(personal.get("note") or personal.get("text") or ""),
    )


def _who(entry: Any, when: When) -> str:
    words = [entry.person or entry.actor_name or _("Somebody"), door_label(entry.door)]
    if entry.recorded_at - entry.at > LATE_NEWS:
        received = when.time(entry.recorded_at)
        if when.local(entry.recorded_at).date() != when.local(entry.at).date():
            received = when.full(entry.recorded_at)
        words[1] = _("%(door)s, received %(time)s") % {"door": words[1], "time": received}
    return " · ".join(words)


DOORS: dict[str, Promise] = {
    "office": gettext_lazy("office"),
    "technician": gettext_lazy("phone"),
    "api": gettext_lazy("API"),
    "system": gettext_lazy("by itself"),
    "command": gettext_lazy("command line"),
}


def door_label(door: str) -> str:
    """By which door it came in."""
    return str(DOORS.get(door, door))
