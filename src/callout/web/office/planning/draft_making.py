"""Drafts asked for: the pile planned by itself, and others for an absent technician's visits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts.zone import local, today
from callout.customers.selectors import area_list
from callout.kernel.errors import Invalid
from callout.orders.selectors.choices import who_and_with_what
from callout.orders.selectors.planned import planned_within
from callout.planning.drafts.making import draft_absence, draft_auto_plan
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.forms import Choices, OfficeForm
from callout.web.office.orders.forms import named
from callout.web.office.plain import chosen_id, panel
from callout.web.office.planning.draft_forms import AbsentForm, AutoPlanForm
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.words import absence_words


@manager_page
def auto_plan(request: ActorRequest) -> HttpResponseBase:
    """The whole pile, or the orders named in the address, over some days."""
    given = request.POST if request.method == "POST" else request.GET
    teams = selectors.team_list(actor=request.actor).items
    areas = area_list(actor=request.actor).items
    form = AutoPlanForm(
        request.POST or None,
        orders=[one for one in given.getlist("order") if _is_id(one)],
        teams=[(str(one.pk), one.name) for one in teams],
        areas=[(str(one.pk), one.name) for one in areas],
        technicians=_team(request),
        initial={
            "first": request.GET.get("first") or today(),
            "days": request.GET.get("days") or 5,
        },
    )

    def make(_typed: dict[str, Any]) -> Facts:
        draft = draft_auto_plan(actor=request.actor, **form.values())
        return {"id": str(draft.pk)}

    count = len(form.chosen)
    chosen = ngettext("%(count)d order is chosen.", "%(count)d orders are chosen.", count)
    whole = _("All orders that wait to be planned, the most pressing first.")
    return panel(
        request,
        form,
        make,
        heading=_("Auto-plan"),
        submit=_("Make proposals"),
        done=_to_draft,
        said=_("The draft is being made. Nothing is planned until you apply it."),
        layout=form.layout(),
        note=chosen % {"count": count} if count else whole,
    )


@manager_page
def absence(request: ActorRequest) -> HttpResponseBase:
    """Somebody is not there: of an absence that is entered, or one that is entered with it."""
    absence_id = chosen_id(request, "absence")
    return _entered(request, absence_id) if absence_id else _to_enter(request)


def _entered(request: ActorRequest, absence_id: UUID) -> HttpResponseBase:
    away = selectors.absence_detail(actor=request.actor, absence_id=absence_id)
    detail = selectors.technician_detail(actor=request.actor, technician_id=away.technician_id)
    visits = planned_within(
        actor=request.actor, technician_id=away.technician_id, start=away.start, end=away.end
    )
    said = {"name": detail.technician.name, "span": absence_words(away.start, away.end)}
    told = [
        f"{one.number} {one.customer} ({date_format(local(one.start), 'j M H:i')})"
        for one in visits
    ]

    def make(_typed: dict[str, Any]) -> Facts:
        return {"id": str(draft_absence(actor=request.actor, absence_id=absence_id).pk)}

    return panel(
        request,
        OfficeForm(request.POST if request.method == "POST" else None),
        make,
        heading=_("%(name)s is absent") % said,
        submit=_("Find proposals"),
        done=_to_draft,
        said=_("The draft is being made. Nothing is planned until you apply it."),
        note=_("%(name)s, %(span)s.") % said,
        template="office/planning/draft_absence.html",
        visits=told,
    )


def _to_enter(request: ActorRequest) -> HttpResponseBase:
    technician_id = chosen_id(request, "technician")
    team = _team(request)
    if technician_id and str(technician_id) not in dict(team):
        raise Http404
    form = AbsentForm(
        request.POST or None,
        technicians=team,
        initial={
            "technician_id": technician_id or "",
            "kind": "sickness",
            "first": today(),
            "last": today(),
        },
    )

    def make(typed: dict[str, Any]) -> Facts:
        return _absent(request, typed)

    return panel(
        request,
        form,
        make,
        heading=_("Technician absent"),
        submit=_("Enter and find proposals"),
        done=lambda facts: _told(request, facts),
        said=_("Absence entered."),
        layout=AbsentForm.LAYOUT,
        note=_("The absence is entered, and for each visit in it a proposal is looked for."),
    )


def _absent(request: ActorRequest, typed: dict[str, Any]) -> Facts:
    technician_id = typed.pop("technician_id")
    if technician_id is None:
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    row = services.absence_create(actor=request.actor, technician_id=technician_id, **typed)
    facts: Facts = {"technician": str(technician_id), "id": ""}
    if planned_within(
        actor=request.actor, technician_id=technician_id, start=row.start, end=row.end
    ):
        facts["id"] = str(draft_absence(actor=request.actor, absence_id=row.pk).pk)
    return facts


def _told(request: ActorRequest, facts: Facts) -> str:
    if facts["id"]:
        return _to_draft(facts)
    messages.info(request, _("No planned visit lies in it."))
    return reverse("office:technician", args=[facts["technician"]])


def _to_draft(facts: Facts) -> str:
    return reverse("office:plan_draft", args=[facts["id"]])


def _team(request: ActorRequest) -> Choices:
    return named(who_and_with_what(request.actor)[0])


def _is_id(given: str) -> bool:
    try:
        UUID(given)
    except ValueError:
        return False
    return True
