"""The dialog that plans: the best proposals, one filled in, and what speaks against the choice."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.kernel.actor import Actor
from callout.kernel.checks import id_if_any
from callout.kernel.errors import CalloutError, Refused
from callout.orders.models import ServiceOrder
from callout.orders.moves import REOPEN_AND_PLAN
from callout.orders.selectors.choices import Thing, who_and_with_what
from callout.orders.selectors.when import When
from callout.planning.ask import Ask
from callout.planning.fit.cost import Option
from callout.planning.selectors import ask_for_order, slot_first, slot_reasons, slot_suggestions
from callout.web.access import ActorRequest
from callout.web.office.account.forms import Choices
from callout.web.office.orders.asking import answered
from callout.web.office.orders.doing import performed
from callout.web.office.orders.forms import PlanForm, named, wall
from callout.web.office.picks import pick_read, pick_value

SUGGESTED = 3


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def team_choices(actor: Actor) -> Choices:
    """Every technician, by name, and first nobody yet."""
    return _team(who_and_with_what(actor)[0])


def _team(technicians: list[Thing]) -> Choices:
    return [("", _("Choose…")), *named(technicians)]


def _vehicles(vehicles: list[Thing]) -> Choices:
    return [("", _("The technician’s own")), *named(vehicles)]


def plan_dialog(
    request: ActorRequest,
    order: ServiceOrder,
    action: str,
    sent: QueryDict | None,
    url: str,
    *,
    technician_id: UUID | None = None,
) -> HttpResponse:
    """Plan, plan another, re-plan, or reopen and plan. `url` takes the answer. `technician_id`:
    whom it was dragged to; a visit keeps its hours then."""
    ask = _ask(order, action, request.GET if sent is None else sent)
    proposals = _suggestions(request.actor, ask)
    form = _form(request, order, action, sent, ask, proposals, technician_id)
    done = answered(request, order, form, lambda _given: performed(request, order, action, form))
    if done is not None:
        return done
    context = dialog_context(request, order, action, form, ask, proposals) | {"url": url}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "office/orders/plan.html", context, status=status)


def dialog_context(
    request: ActorRequest,
    order: ServiceOrder,
    action: str,
    form: PlanForm,
    ask: Ask,
    proposals: list[Option],
) -> dict[str, Any]:
    """What the dialog shows besides its form: proposals, and cautions about what is filled in."""
    chosen, start, length = _filled(form)
    return {
        "order": order,
        "form": form,
        "title": {
            "plan_another": _("Plan another visit"),
            "replan": _("Re-plan"),
            REOPEN_AND_PLAN: _("Reopen and plan"),
        }.get(action, _("Plan")),
        "proposals": [_shown(one, chosen, start) for one in proposals],
        "cautions": _cautions(request.actor, order, ask, chosen, start, length, proposals),
        "skip": _number(request.GET.get("skip"), 0) + 1,
        "promised": _promised(order),
    }


def _ask(order: ServiceOrder, action: str, given: QueryDict) -> Ask:
    """What the dialog asks: with the helpers and the vehicle chosen in it so far."""
    moving = action == "replan"
    if "technician_id" in given or "pick" in given:
        helpers, vehicle_id = given.getlist("helper_ids"), id_if_any(given.get("vehicle_id"))
    else:
        helpers, vehicle_id = order.helper_ids if moving else [], None  # type: ignore[attr-defined]
    ask = ask_for_order(order, moving=moving, helper_ids=filter(None, map(id_if_any, helpers)))
    return replace(ask, vehicle_id=vehicle_id or ask.vehicle_id)


def _suggestions(actor: Actor, ask: Ask) -> list[Option]:
    try:
        return slot_suggestions(actor=actor, ask=ask, limit=SUGGESTED)
    except CalloutError:
        return []  # no place to plan for: the form says what is missing


def _form(
    request: ActorRequest,
    order: ServiceOrder,
    action: str,
    data: QueryDict | None,
    ask: Ask,
    proposals: list[Option],
    given_to: UUID | None,
) -> PlanForm:
    initial = {} if data else _initial(request, order, action, ask, proposals, given_to)
    technicians, vehicles = who_and_with_what(request.actor)
    return PlanForm(
        data,
        initial={"version": order.version, **initial},
        technicians=_team(technicians),
        vehicles=_vehicles(vehicles),
        promise=action != "replan",
    )


def _initial(
    request: ActorRequest,
    order: ServiceOrder,
    action: str,
    ask: Ask,
    proposals: list[Option],
    given_to: UUID | None,
) -> dict[str, Any]:
    """What stands in the fields: what was chosen in the dialog so far, else the best proposal."""
    given = request.GET
    # A proposal comes alone; with the rest of the form it is what was chosen before.
    alone = "technician_id" not in given
    picked, start = pick_read(given.get("pick", "")) if alone else (None, _typed(given))
    technician_id = picked or id_if_any(given.get("technician_id"))
    if action != "replan":
        technician_id = technician_id or given_to
    length = _number(given.get("duration_minutes"), order.duration_minutes)
    kept = {
        name: given.getlist(name) if name == "helper_ids" else given[name]
        for name in ("vehicle_id", "helper_ids", "allow_overlap")
        if name in given
    }
    if technician_id:
        if start is None:
            asked = replace(ask, duration_minutes=length)
            found = _first(request, order, technician_id, asked, proposals)
            start = found.fit.start if found else None
        return {**kept, "technician_id": technician_id, "start": wall(start),
                "duration_minutes": length}  # fmt: skip
    if action == "replan" and order.visit:
        visit = order.visit
        length = int((visit.end - visit.start).total_seconds() // 60)
        return {
            "technician_id": given_to or visit.technician_id,
            "start": local(visit.start),
            "duration_minutes": length,
            "vehicle_id": visit.vehicle_id or "" if given_to is None else "",
            "allow_overlap": visit.allow_overlap,
            "helper_ids": [str(one) for one in order.helper_ids],  # type: ignore[attr-defined]
        }
    best = next(iter(proposals), None)
    return {
        "technician_id": best.fit.person.id if best else "",
        "start": wall(best.fit.start) if best else None,
        "duration_minutes": order.duration_minutes,
        "vehicle_id": order.proposed_vehicle_id or "",
    }


def _typed(given: QueryDict) -> datetime | None:
    """The start that was typed by hand; None for what is no moment, or was not typed."""
    if "typed" not in given:
        return None
    try:
        return PlanForm.base_fields["start"].clean(given.get("start"))  # type: ignore[no-any-return]
    except ValidationError:
        return None


def _first(
    request: ActorRequest,
    order: ServiceOrder,
    technician_id: UUID,
    ask: Ask,
    proposals: list[Option],
) -> Option | None:
    skip = _number(request.GET.get("skip"), 0)
    if not skip and ask.duration_minutes == order.duration_minutes:
        for one in proposals:
            if one.fit.person.id == technician_id:
                return one
    try:
        return slot_first(actor=request.actor, technician_id=technician_id, ask=ask, skip=skip)
    except Refused:
        return None  # no free slot within reach: the field stays empty, to be typed


def _filled(form: PlanForm) -> tuple[UUID | None, datetime | None, int]:
    """Technician, start and minutes as they stand in the form now."""
    if form.is_bound:
        given = getattr(form, "cleaned_data", {})
        technician, start = id_if_any(str(given.get("technician_id", ""))), given.get("start")
        return technician, start, given.get("duration_minutes") or 60
    technician = id_if_any(str(form.initial.get("technician_id", "")))
    return technician, form.initial.get("start"), form.initial.get("duration_minutes") or 60


def _cautions(
    actor: Actor,
    order: ServiceOrder,
    ask: Ask,
    technician_id: UUID | None,
    start: datetime | None,
    length: int,
    proposals: list[Option],
) -> list[str]:
    if technician_id is None or start is None or _is_as_it_was(order, technician_id, start):
        return []
    for one in proposals:
        if (one.fit.person.id, one.fit.start, one.fit.end) == (
            technician_id,
            start,
            start + minutes(length),
        ):
            return [reason.words for reason in one.reasons]
    found = slot_reasons(
        actor=actor,
        technician_id=technician_id,
        start=start,
        end=start + minutes(length),
        ask=replace(ask, duration_minutes=length),
    )
    return [one.words for one in found]


def _is_as_it_was(order: ServiceOrder, technician_id: UUID, start: datetime) -> bool:
    """Nothing moved yet: what speaks against the slot of now is on the order's page."""
    visit = order.visit
    return visit is not None and (visit.technician_id, visit.start) == (technician_id, start)


def _shown(one: Option, chosen: UUID | None, start: datetime | None) -> dict[str, Any]:
    when = When()
    travel = ""
    if one.cost.leg is not None:
        travel = _("%(minutes)d min travel") % {"minutes": one.cost.leg.minutes}
    return {
        "value": pick_value(one.fit.person.id, one.fit.start),
        "name": one.fit.person.name,
        "initials": one.fit.person.initials,
        "slot": when.slot_full(one.fit.start, one.fit.end),
        "travel": travel,
        "cautions": [reason.words for reason in one.reasons],
        "chosen": one.fit.person.id == chosen and start is not None and one.fit.start == start,
    }


def _promised(order: ServiceOrder) -> str:
    visit = order.visit
    if visit is None or visit.promise_from is None or visit.promise_to is None:
        return ""
    return When().slot_full(visit.promise_from, visit.promise_to)


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isdecimal() and len(given) <= 4 else otherwise
