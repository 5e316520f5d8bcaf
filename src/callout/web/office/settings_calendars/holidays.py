from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.customers.fields import home_country
from callout.web.access import ActorRequest, manager_page
from callout.web.office.plain import deed, panel, version_of
from callout.web.office.settings_calendars.calendars import url_of, year_of
from callout.web.office.settings_calendars.forms import (
    EditHolidayForm,
    FillForm,
    HolidayForm,
    ImportForm,
)
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.holiday_files import MOST_BYTES


def _back(calendar_id: UUID, facts: Facts) -> str:
    return url_of(calendar_id, facts["year"])


@manager_page
def holiday_new(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """A day more, by hand."""
    row = selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)

    def create(given: dict[str, Any]) -> Facts:
        made = services.holiday_add(actor=request.actor, calendar_id=calendar_id, **given)
        return {"year": made.date.year}

    return panel(
        request,
        HolidayForm(request.POST or None, initial={"date": _first(year_of(request))}),
        create,
        heading=_("New holiday of %(name)s") % {"name": row.name},
        done=lambda facts: _back(calendar_id, facts),
        said=_("Holiday added."),
        submit=_("Add"),
        layout=HolidayForm.LAYOUT,
        note=_("Nobody works on it; what is planned on it stays where it is."),
    )


def _first(year: int) -> date:
    return date(year, 1, 1)


@manager_page
def holiday_edit(request: ActorRequest, holiday_id: UUID) -> HttpResponseBase:
    """Another day, another name."""
    row = selectors.holiday_detail(actor=request.actor, holiday_id=holiday_id)

    def change(given: dict[str, Any]) -> Facts:
        changed = services.holiday_update(actor=request.actor, holiday_id=holiday_id, **given)
        return {"year": changed.date.year}

    return panel(
        request,
        EditHolidayForm(
            request.POST or None,
            initial={"date": row.date, "name": row.name, "version": row.version},
        ),
        change,
        heading=row.name,
        done=lambda facts: _back(row.calendar_id, facts),
        said=_("Saved."),
        layout=HolidayForm.LAYOUT,
    )


@require_POST
@manager_page
def holiday_remove(request: ActorRequest, holiday_id: UUID) -> HttpResponseBase:
    """A day of work like others."""
    version = version_of(request)
    row = selectors.holiday_detail(actor=request.actor, holiday_id=holiday_id)
    return deed(
        request,
        lambda: services.holiday_remove(
            actor=request.actor, holiday_id=holiday_id, version=version
        ),
        back=url_of(row.calendar_id, row.date.year),
        said=_("Removed."),
    )


def _fill_form(request: ActorRequest, calendar_id: UUID, data: Any) -> FillForm:
    return FillForm(
        data,
        initial={"year": year_of(request), "country": home_country()},
        regions_url=reverse("office:holiday_regions", args=[calendar_id]),
    )


@manager_page
def holidays_fill(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """The public holidays of a country or a region, a whole year in one press."""
    row = selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)

    def fill(given: dict[str, Any]) -> Facts:
        done = services.holidays_fill(actor=request.actor, calendar_id=calendar_id, **given)
        return {"year": given["year"], "words": _summary(done)}

    def done(facts: Facts) -> str:
        messages.info(request, facts["words"])
        return _back(calendar_id, facts)

    return panel(
        request,
        _fill_form(request, calendar_id, request.POST or None),
        fill,
        heading=_("Public holidays for %(name)s") % {"name": row.name},
        done=done,
        said=_("Filled."),
        submit=_("Fill the year"),
        template="settings/calendars/fill.html",
    )


@manager_page
def holiday_regions(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """The regions of the country just chosen, as a field."""
    selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)  # else not there
    form = _fill_form(request, calendar_id, {"country": request.GET.get("country", "")[:2]})
    return render(request, "settings/calendars/region.html", {"bound": form["region"]})


@manager_page
def holidays_import(request: ActorRequest, calendar_id: UUID) -> HttpResponseBase:
    """The holidays of a file, all or none."""
    row = selectors.calendar_detail(actor=request.actor, calendar_id=calendar_id)

    def take(given: dict[str, Any]) -> Facts:
        file = given["file"]
        # What is too large is not read whole to be refused.
        done = services.holidays_import(
            actor=request.actor,
            calendar_id=calendar_id,
            name=file.name,
            data=file.read(MOST_BYTES + 1),
        )
        return {"year": None, "words": _summary(done)}

    def done(facts: Facts) -> str:
        messages.info(request, facts["words"])
        return _back(calendar_id, facts)

    return panel(
        request,
        ImportForm(request.POST or None, request.FILES or None),
        take,
        heading=_("Holidays of %(name)s from a file") % {"name": row.name},
        done=done,
        said=_("Read."),
        submit=_("Read the file"),
        layout=[["file"]],
        note=_("One line that cannot be read, or a day twice, and nothing is changed."),
        template="settings/calendars/import.html",
    )


def _summary(done: services.Filled) -> str:
    words = ngettext("%(count)d holiday added.", "%(count)d holidays added.", done.added)
    said = words % {"count": done.added}
    if done.there:
        more = ngettext(
            "%(count)d day was a holiday already and stays as it was.",
            "%(count)d days were holidays already and stay as they were.",
            done.there,
        )
        said = f"{said} {more % {'count': done.there}}"
    return said
