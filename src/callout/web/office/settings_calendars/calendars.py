from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.accounts.zone import today
from callout.kernel import hours
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import base_of, form_page, sent
from callout.web.office.plain import versioned_deed
from callout.web.office.settings_calendars.forms import CalendarForm, EditCalendarForm
from callout.workforce import selectors, services
from callout.workforce.models import WorkingCalendar
from callout.workforce.services.calendars import OFFICE_WEEK


def url_of(calendar_id: UUID, year: int | None = None) -> str:
    """A calendar's page, with the holidays of a year."""
    address = reverse("office:calendar", args=[calendar_id])
    return f"{address}?year={year}" if year else address


def year_of(request: HttpRequest) -> int:
    """The year that the address names; this one where it names none."""
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else today().year
    return min(max(year, 1900), 2199)


@manager_page
def calendars_page(request: ActorRequest) -> HttpResponseBase:
    """All calendars; the default is named."""
    rows = selectors.calendar_list(actor=request.actor).items
    away = selectors.calendar_list(actor=request.actor, archived=True).items
    lines = [
        {
            "url": url_of(row.pk),
            "icon": "calendar",
            "title": row.name,
            "text": _line(row),
            "archive": "" if row.is_default else reverse("office:calendar_archive", args=[row.pk]),
            "version": row.version,
        }
        for row in rows
    ]
    archived = [
        {
            "icon": "calendar",
            "title": row.name,
            "text": "",
            "restore": reverse("office:calendar_restore", args=[row.pk]),
            "version": row.version,
        }
        for row in away
    ]
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": _("Calendars"),
        "live": "calendar technician",
        "groups": [("", lines)],
        "archived": archived,
        "button": _("New calendar"),
        "button_url": reverse("office:calendar_new"),
    }
    return render(request, "settings/catalogue.html", context)


def _line(row: Any) -> str:
    if row.is_default:
        return _("the company's, and of everybody who has no other")
    count = row.technician_count
    words = ngettext("%(count)d technician works by it", "%(count)d technicians work by it", count)
    return words % {"count": count}


@manager_page
def calendar_page(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """One calendar: its week, and the holidays of a year."""
    row = selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)
    year = year_of(request)
    found = selectors.holiday_list(actor=request.actor, calendar_id=calendar_id, year=year)
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": row.name,
        "parent": reverse("office:calendars"),
        "parent_title": _("Calendars"),
        "calendar": row,
        "days": _week(row),
        "holidays": found.items,
        "year": year,
        "before": url_of(calendar_id, year - 1),
        "after": url_of(calendar_id, year + 1),
    }
    return render(request, "settings/calendars/calendar.html", context)


def _week(row: WorkingCalendar) -> list[dict[str, str]]:
    return [
        {"label": hours.day_name(number), "value": hours.day_shown(day) or _("closed")}
        for number, day in enumerate(row.days)
    ]


def _parents(row: WorkingCalendar | None = None) -> dict[str, str]:
    if row is None:
        parent, title = reverse("office:calendars"), _("Calendars")
    else:
        parent, title = url_of(row.pk), row.name
    return {"parent": parent, "parent_title": title, "nav": "settings"}


@manager_page
def calendar_new(request: ActorRequest) -> HttpResponseBase:
    """A calendar more, for a region or a part of the company with other hours."""
    form = CalendarForm(request.POST or None, initial=CalendarForm.shown(OFFICE_WEEK))
    made: list[WorkingCalendar] = []

    def create(given: dict[str, Any]) -> None:
        made.append(services.calendar_create(actor=request.actor, **given))

    if sent(request, form, create):
        messages.success(request, _("Calendar created. Now its holidays."))
        return redirect(url_of(made[0].pk))
    return form_page(request, form, _("New calendar"), submit=_("Create"), **_parents())


@manager_page
def calendar_edit(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """Its name and its week."""
    row = selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)
    initial = {"name": row.name, "version": row.version, **CalendarForm.shown(row.days)}
    form = EditCalendarForm(request.POST or None, initial=initial)
    if sent(
        request,
        form,
        lambda given: services.calendar_update(
            actor=request.actor, calendar_id=calendar_id, **given
        ),
    ):
        messages.success(request, _("Saved. It counts for orders recorded from now on."))
        return redirect(url_of(calendar_id))
    live = f"calendar:{calendar_id}"
    return form_page(request, form, _("Opening hours"), live=live, **_parents(row))


@require_POST
@manager_page
def calendar_default(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """The company's from now on."""
    return versioned_deed(
        request,
        services.calendar_make_default,
        calendar_id=calendar_id,
        back=url_of(calendar_id),
        said=_("This is the company's calendar now."),
    )


@require_POST
@manager_page
def calendar_archive(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """Put the calendar away."""
    return versioned_deed(
        request,
        services.calendar_archive,
        calendar_id=calendar_id,
        back=reverse("office:calendars"),
        said=_("Archived."),
    )


@require_POST
@manager_page
def calendar_restore(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """Take the calendar out of the archive."""
    return versioned_deed(
        request,
        services.calendar_restore,
        calendar_id=calendar_id,
        back=reverse("office:calendars"),
        said=_("Restored. It is offered again."),
    )
