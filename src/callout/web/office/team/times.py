"""When a technician works and when not, and the hours entered by hand."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.accounts.zone import local, today
from callout.orders.models import TimeEntry
from callout.orders.selectors.planned import planned_within
from callout.orders.selectors.times import time_entry_get, visits_of
from callout.orders.services import time_entry_add, time_entry_remove, time_entry_update
from callout.web.access import ActorRequest, manager_page
from callout.web.office.plain import deed, panel, version_of
from callout.web.office.team.forms import AbsenceForm, EditAbsenceForm, WeekForm
from callout.web.office.team.technicians import hours_url, page_of
from callout.web.office.team.week import week_url
from callout.web.office.times import (
    EditTimeForm,
    TimeForm,
    WhoseTimeForm,
    proposed,
    twice,
    whose_words,
)
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.models import Absence


@manager_page
def week_set(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """The week worked from a day on; today's is proposed."""
    detail = selectors.technician_detail(actor=request.actor, technician_id=technician_id)
    now = detail.week_now
    initial = {"valid_from": today(), **WeekForm.shown(now.days if now else None)}
    form = WeekForm(request.POST or None, initial=initial)

    def change(given: dict[str, Any]) -> Facts:
        services.working_week_set(actor=request.actor, technician_id=technician_id, **given)
        return {"id": str(technician_id)}

    return panel(
        request,
        form,
        change,
        heading=_("Working hours of %(name)s") % {"name": detail.technician.name},
        done=page_of,
        said=_("Saved."),
        layout=WeekForm.LAYOUT,
        note=_("Write hours like 08:00-12:00, 12:30-16:30; an empty day is free."),
    )


@require_POST
@manager_page
def week_remove(request: ActorRequest, technician_id: UUID, week_id: UUID) -> HttpResponseBase:
    """As if the week had never begun."""
    return deed(
        request,
        lambda: services.working_week_remove(actor=request.actor, week_id=week_id),
        back=reverse("office:technician", args=[technician_id]),
        said=_("Removed."),
    )


@manager_page
def absence_new(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """An absence; planned visits in it are named, and stay where they are."""
    detail = selectors.technician_detail(actor=request.actor, technician_id=technician_id)
    day = _day(request)
    form = AbsenceForm(
        request.POST or None, initial={"first": day, "last": day}, noon=_noon(detail, day)
    )

    def create(given: dict[str, Any]) -> Facts:
        row = services.absence_create(actor=request.actor, technician_id=technician_id, **given)
        return _of_absence(request, row)

    return panel(
        request,
        form,
        create,
        heading=_("Absence of %(name)s") % {"name": detail.technician.name},
        done=lambda facts: _told(request, facts),
        said=_("Absence entered."),
        layout=AbsenceForm.LAYOUT,
        note=_("Planned visits in it are named, and stay where they are."),
    )


@manager_page
def absence_edit(request: ActorRequest, absence_id: UUID) -> HttpResponseBase:
    """Other days, another kind."""
    away = selectors.absence_detail(actor=request.actor, absence_id=absence_id)
    detail = selectors.technician_detail(actor=request.actor, technician_id=away.technician_id)
    form = EditAbsenceForm(
        request.POST or None,
        initial=EditAbsenceForm.shown(away),
        noon=_noon(detail, local(away.start).date()),
    )

    def change(given: dict[str, Any]) -> Facts:
        row = services.absence_update(actor=request.actor, absence_id=absence_id, **given)
        return _of_absence(request, row)

    return panel(
        request,
        form,
        change,
        heading=away.label,
        done=lambda facts: _told(request, facts),
        said=_("Saved."),
        layout=AbsenceForm.LAYOUT,
        live=f"absence:{absence_id}",
    )


def _day(request: ActorRequest) -> date:
    """The day of the address, which the week's page names; today where it is none."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()


def _noon(detail: selectors.TechnicianDetail, day: date) -> time:
    """When the morning ends for a technician: with the first of a day's hours, where there are
    others after it."""
    begun = [week for week in detail.weeks if week.valid_from <= day]
    spans = begun[0].days[day.weekday()] if begun else []
    return time.fromisoformat(spans[0][1]) if len(spans) > 1 else time(12)


def _of_absence(request: ActorRequest, row: Absence) -> Facts:
    facts = {"id": str(row.technician_id), "warning": _visits_in(request, row)}
    return {**facts, "absence": str(row.pk)}


def _visits_in(request: ActorRequest, row: Absence) -> str:
    """The planned visits that the absence lies over, in words; "" for none."""
    visits = planned_within(
        actor=request.actor, technician_id=row.technician_id, start=row.start, end=row.end
    )
    if not visits:
        return ""
    told = [
        f"{visit.number} {visit.customer} ({date_format(local(visit.start), 'j M H:i')})"
        for visit in visits
    ]
    words = ngettext(
        "%(count)d planned visit lies in it and stays where it is: %(visits)s",
        "%(count)d planned visits lie in it and stay where they are: %(visits)s",
        len(told),
    )
    return words % {"count": len(told), "visits": ", ".join(told)}


@manager_page
def time_new(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """Hours of the technician, of a visit or of none."""
    detail = selectors.technician_detail(actor=request.actor, technician_id=technician_id)
    visits = visits_of(actor=request.actor, technician_id=technician_id)
    form = WhoseTimeForm(
        request.POST or None,
        initial=proposed(),
        label=_("Visit"),
        choices=[("", _("No order")), *((str(pk), words) for pk, words in visits)],
    )

    def add(given: dict[str, Any]) -> Facts:
        typed = {name: value for name, value in given.items() if name != "whose"}
        visit_id = UUID(given["whose"]) if given["whose"] else None
        row = time_entry_add(
            actor=request.actor, technician_id=technician_id, visit_id=visit_id, **typed
        )
        return _of_week(request, row)

    return panel(
        request,
        form,
        add,
        heading=_("Hours of %(name)s") % {"name": detail.technician.name},
        done=lambda facts: _told(request, facts),
        said=_("Hours added."),
        layout=WhoseTimeForm.LAYOUT,
    )


@manager_page
def time_edit(request: ActorRequest, time_entry_id: UUID) -> HttpResponseBase:
    """Hours corrected; whose they are, and of which visit, stays."""
    row = time_entry_get(actor=request.actor, time_entry_id=time_entry_id)
    form = EditTimeForm(request.POST or None, initial=EditTimeForm.shown(row))

    def change(given: dict[str, Any]) -> Facts:
        changed = time_entry_update(actor=request.actor, time_entry_id=time_entry_id, **given)
        return _of_week(request, changed)

    return panel(
        request,
        form,
        change,
        heading=whose_words(row),
        done=lambda facts: _told(request, facts),
        said=_("Saved."),
        layout=TimeForm.LAYOUT,
    )


@require_POST
@manager_page
def time_remove(request: ActorRequest, time_entry_id: UUID) -> HttpResponseBase:
    """Hours that were not; the journal keeps them."""
    version = version_of(request)
    row = time_entry_get(actor=request.actor, time_entry_id=time_entry_id)
    return deed(
        request,
        lambda: time_entry_remove(
            actor=request.actor, time_entry_id=time_entry_id, version=version
        ),
        back=hours_url(row.technician_id, local(row.start).date()),
        said=_("Removed."),
    )


def _of_week(request: ActorRequest, row: TimeEntry) -> Facts:
    """The week that the hours are in, and whether they count twice."""
    return {
        "id": str(row.technician_id),
        "week": f"{local(row.start):%Y-%m-%d}",
        "warning": twice(request.actor, row),
    }


def _told(request: ActorRequest, facts: Facts) -> str:
    if facts["warning"] and facts.get("absence"):
        url = f"{reverse('office:plan_absence')}?absence={facts['absence']}"
        link = format_html('<a class="co-link" href="{}">{}</a>', url, _("Find others for them"))
        messages.warning(request, format_html("{} {}", facts["warning"], link))
    elif facts["warning"]:
        messages.warning(request, facts["warning"])
    if request.GET.get("to") == "week":
        return week_url(_day(request), absent=request.GET.get("absent"))
    return page_of(facts)


@require_POST
@manager_page
def absence_remove(request: ActorRequest, absence_id: UUID) -> HttpResponseBase:
    """The technician is there after all."""
    version = version_of(request)
    away = selectors.absence_detail(actor=request.actor, absence_id=absence_id)
    return deed(
        request,
        lambda: services.absence_remove(
            actor=request.actor, absence_id=absence_id, version=version
        ),
        back=reverse("office:technician", args=[away.technician_id]),
        said=_("Removed."),
    )
