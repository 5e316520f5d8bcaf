from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts.zone import today
from callout.customers.fields import home_country
from callout.kernel import hours
from callout.kernel.checks import phone_shown
from callout.orders.selectors.times import week_times
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, manager_page
from callout.web.ground import ground_page
from callout.web.office.account.phones import phones_of
from callout.web.office.plain import (
    Choosing,
    Line,
    Listing,
    chosen_id,
    lines_of,
    list_page,
    options,
    panel,
    versioned_deed,
    wanted,
)
from callout.web.office.postal import postal
from callout.web.office.team.forms import EditTechnicianForm, TechnicianForm
from callout.web.office.team.tabs import tabs
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.models import Technician, WorkingWeek
from callout.workforce.words import absence_words


@ground_page
def team_page(request: ActorRequest) -> HttpResponseBase:
    """All technicians, by name."""
    teams = selectors.team_list(actor=request.actor).items
    team_id = chosen_id(request, "team")
    page = selectors.technician_list(actor=request.actor, team_id=team_id, **wanted(request))
    listing = Listing(
        title=_("Team"),
        nav="team",
        tabs=tabs(),
        own_tab="office:team",
        live="technician team vehicle skill",
        heads=[
            *(_("Technician"), _("Team"), _("Skills"), _("Phone"), _("Vehicle"), _("Home base"))
        ],
        choices=[
            Choosing(
                "team", _("Team"), _("All teams"), [(str(t.pk), t.name) for t in teams], team_id
            )
        ],
        new_url=reverse("office:technician_new"),
        new_label=_("New technician"),
        empty=_("No technicians yet"),
        empty_text=_("Create the first one, then plan work for them."),
        placeholder=_("Name, town, phone, email"),
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Technician) -> Line:
    return Line(
        url=reverse("office:technician", args=[row.pk]),
        title=row.name,
        small=_("Subcontractor") if row.is_subcontractor else "",
        initials=row.initials,
        cells=[
            row.team.name if row.team else "",
            ", ".join(skill.name for skill in row.skills.all()),
            phone_shown(row.phone, home_country()),
            str(row.vehicle) if row.vehicle else "",
            row.town,
        ],
    )


@ground_page
def technician_page(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """One technician: reach, skills, hours, absences."""
    detail = selectors.technician_detail(actor=request.actor, technician_id=technician_id)
    context = {
        "nav": "team",
        "live": f"technician:{technician_id} absence team calendar vehicle skill",
        "detail": detail,
        "technician": detail.technician,
        "facts": _facts(detail),
        "weeks": [(week, week == detail.week_now, _days(week)) for week in detail.weeks],
        "absences": [(away, span(away)) for away in detail.absences],
        "phones": phones_of(request.actor, detail.technician.user_id),
        **_week(request, technician_id),
    }
    return render(request, "office/team/technician.html", context)


def _week(request: ActorRequest, technician_id: UUID) -> dict[str, Any]:
    """The hours of the week asked for, and the ways to those beside it."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = today()
    day = min(max(day, date(2000, 1, 3)), date(2199, 12, 20))
    when = When()
    times = week_times(actor=request.actor, technician_id=technician_id, day=day, when=when)
    return {
        "times": times,
        "week_words": f"{when.written(times.first)} – {when.written(times.last)}",
        "week_before": hours_url(technician_id, times.first - timedelta(days=7)),
        "week_after": hours_url(technician_id, times.first + timedelta(days=7)),
        "is_now": times.first <= today() <= times.last,
    }


def hours_url(technician_id: UUID, day: date) -> str:
    """The technician's page with the hours of the week of `day`."""
    page = reverse("office:technician", args=[technician_id])
    return f"{page}?week={day:%Y-%m-%d}#hours"


def _facts(detail: selectors.TechnicianDetail) -> list[dict[str, str]]:
    row = detail.technician
    facts = [
        (_("Signs in as"), row.user.email if row.user else _("nobody")),
        (_("Phone"), phone_shown(row.phone, home_country())),
        (_("Email"), row.email),
        (_("Skills"), ", ".join(skill.name for skill in detail.skills)),
        (_("Team"), row.team.name if row.team else ""),
        (_("Holidays of"), row.calendar.name if row.calendar else _("the company's calendar")),
        (_("Own vehicle"), str(row.vehicle) if row.vehicle else ""),
        (_("Home base"), postal(row)),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _days(week: WorkingWeek) -> list[tuple[str, str]]:
    return [
        (hours.day_name(n), hours.day_shown(day) or _("free")) for n, day in enumerate(week.days)
    ]


def span(away: selectors.Away) -> str:
    """From when to when, in words."""
    return absence_words(away.start, away.end)


def page_of(facts: Facts) -> str:
    """The technician's page, with the week that was spoken of."""
    if "week" in facts:
        return hours_url(UUID(facts["id"]), date.fromisoformat(facts["week"]))
    return reverse("office:technician", args=[facts["id"]])


@ground_page
def technician_new(request: ActorRequest) -> HttpResponseBase:
    """A new technician, with an ordinary week."""
    form = TechnicianForm(request.POST or None, actor=request.actor)

    def create(given: dict[str, Any]) -> Facts:
        technician = services.technician_create(actor=request.actor, **given)
        return {"id": str(technician.pk)}

    return panel(
        request,
        form,
        create,
        heading=_("New technician"),
        done=page_of,
        said=_("Technician created."),
        submit=_("Create"),
        layout=TechnicianForm.LAYOUT,
        note=_("Works Monday to Friday, 08:00-12:00 and 12:30-16:30, until you say otherwise."),
    )


@ground_page
def technician_edit(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """The technician's own fields."""
    detail = selectors.technician_detail(actor=request.actor, technician_id=technician_id)
    form = EditTechnicianForm(
        request.POST or None,
        initial=EditTechnicianForm.shown(detail),
        actor=request.actor,
        detail=detail,
    )

    def change(given: dict[str, Any]) -> Facts:
        services.technician_update(actor=request.actor, technician_id=technician_id, **given)
        return {"id": str(technician_id)}

    return panel(
        request,
        form,
        change,
        heading=detail.technician.name,
        done=page_of,
        said=_("Saved."),
        layout=TechnicianForm.LAYOUT,
        live=f"technician:{technician_id}",
        live_url=reverse("office:technician", args=[technician_id]),
    )


@require_POST
@manager_page
def technician_archive(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """Put the technician away."""
    return versioned_deed(
        request,
        services.technician_archive,
        technician_id=technician_id,
        back=reverse("office:technician", args=[technician_id]),
        said=_("Archived."),
    )


@require_POST
@manager_page
def technician_restore(request: ActorRequest, technician_id: UUID) -> HttpResponseBase:
    """Take the technician out of the archive."""
    return versioned_deed(
        request,
        services.technician_restore,
        technician_id=technician_id,
        back=reverse("office:technician", args=[technician_id]),
        said=_("Restored."),
    )


@manager_page
def technician_options(request: ActorRequest) -> HttpResponseBase:
    """Technicians to choose from, by typing."""
    return options(selectors.technician_search(actor=request.actor, q=request.GET.get("q", "")))
