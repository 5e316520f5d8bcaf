"""Hours typed by hand: the form of an order's page and of a technician's, and what it says."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from callout.accounts.zone import at, local, today
from callout.kernel.actor import Actor
from callout.orders.models import TimeEntry
from callout.orders.selectors.times import times_over
from callout.orders.selectors.when import When
from callout.web.office.account.forms import Choices, OfficeForm, VersionForm
from callout.web.office.widgets import short

KINDS = [("work", _("Work")), ("travel", _("Travel")), ("break", _("Break")), ("other", _("Other"))]


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class TimeForm(OfficeForm):
    """A day, from and until, by the company's clock. Until an earlier hour is the next day."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=TimeEntry.WORK
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    start = _hour(_("From"))
    end = _hour(_("Until"))
    note = short(_("Note"), 200)

    LAYOUT = [["kind"], ["day", "start", "end"], ["note"]]

    def clean(self) -> dict[str, Any]:
        """Day and hours become moments."""
        given = super().clean() or {}
        day, start, end = given.pop("day", None), given.get("start"), given.get("end")
        if day is None or start is None or end is None:
            return given
        if not 2000 <= day.year <= 2199:
            self.add_error("day", _now("This year cannot be right."))
            return given
        until = day if end > start else day + timedelta(days=1)
        return given | {"start": at(day, start), "end": at(until, end)}


class WhoseTimeForm(TimeForm):
    """For somebody on one of an order's visits, or for one of a technician's visits."""

    whose = forms.ChoiceField(required=False)

    LAYOUT = [["whose"], *TimeForm.LAYOUT]
    field_order = ("whose", "kind", "day", "start", "end", "note")

    def __init__(self, *args: Any, label: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].label = label
        self.offer("whose", choices)


class EditTimeForm(TimeForm, VersionForm):
    @staticmethod
    def shown(row: TimeEntry) -> dict[str, Any]:
        """What the form shows of an entry."""
        start, end = local(row.start), local(row.end) if row.end else None
        return {
            "kind": row.kind,
            "day": start.date(),
            "start": start.time(),
            "end": end.time() if end else None,
            "note": row.note,
            "version": row.version,
        }


def proposed(start: datetime | None = None) -> dict[str, Any]:
    """The day that hours are most likely entered for: the visit's, never one to come."""
    return {"day": min(local(start).date(), today()) if start else today(), "kind": TimeEntry.WORK}


def whose_words(row: TimeEntry) -> str:
    """Over the form: "Hours of Anna, 24 Nov"."""
    words = {"name": row.technician.name, "day": When().weekday(row.start)}
    return _now("Hours of %(name)s, %(day)s") % words


def twice(actor: Actor, row: TimeEntry) -> str:
    """A warning where the hours lie over others of the same technician; "" where they do not."""
    others = times_over(actor=actor, entry=row, when=When())
    if not others:
        return ""
    return _now("These hours count twice, with: %(others)s.") % {"others": ", ".join(others)}
