"""Hours of an order's visits, entered by hand: added, corrected, taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.kernel.errors import NotFound
from callout.orders import selectors, services
from callout.orders.models import TimeEntry
from callout.orders.selectors.times import Goer, goers, time_entry_get
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import sent
from callout.web.office.orders.answers import acted
from callout.web.office.plain import version_of
from callout.web.office.times import (
    EditTimeForm,
    TimeForm,
    WhoseTimeForm,
    proposed,
    twice,
    whose_words,
)
from callout.web.once import Facts, once

Change = Callable[[dict[str, Any]], TimeEntry]


@manager_page
def hours_new(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Hours of somebody on one of the order's visits."""
    selectors.order_plain(actor=request.actor, order_id=order_id)
    found = goers(actor=request.actor, order_id=order_id)
    form = WhoseTimeForm(
        request.POST or None,
        initial=proposed(found[0].start if found else None),
        label=_("Technician and visit"),
        choices=[(_key(one), _words(one)) for one in found],
    )
    form.fields["whose"].required = True

    def add(given: dict[str, Any]) -> TimeEntry:
        typed = {name: value for name, value in given.items() if name != "whose"}
        whose = next(one for one in found if _key(one) == given["whose"])
        return services.time_entry_add(
            actor=request.actor, technician_id=whose.technician_id, visit_id=whose.visit_id, **typed
        )

    return _dialog(request, order_id, form, add, title=_("Add hours"), said=_("Hours added"))


def _key(one: Goer) -> str:
    return f"{one.visit_id}:{one.technician_id}"


def _words(one: Goer) -> str:
    return f"{one.name} · {one.visit}, {When().full(one.start)}"


@manager_page
def hours_edit(request: ActorRequest, time_entry_id: UUID) -> HttpResponseBase:
    """Other hours, another kind; whose they are stays."""
    row = time_entry_get(actor=request.actor, time_entry_id=time_entry_id)
    form = EditTimeForm(request.POST or None, initial=EditTimeForm.shown(row))

    def change(given: dict[str, Any]) -> TimeEntry:
        return services.time_entry_update(actor=request.actor, time_entry_id=time_entry_id, **given)

    title, said = whose_words(row), _("Hours saved")
    return _dialog(request, _order_of(row), form, change, title=title, said=said)


@require_POST
@manager_page
def hours_remove(request: ActorRequest, time_entry_id: UUID) -> HttpResponseBase:
    """Hours that were not; the journal keeps them."""
    version = version_of(request)
    row = time_entry_get(actor=request.actor, time_entry_id=time_entry_id)
    services.time_entry_remove(actor=request.actor, time_entry_id=time_entry_id, version=version)
    return acted(request, _order_of(row), _("Hours taken back"))


def _order_of(row: TimeEntry) -> UUID:
    if row.visit is None:
        raise NotFound  # on the technician's page
    return row.visit.order_id


def _dialog(
    request: ActorRequest, order_id: UUID, form: TimeForm, change: Change, *, title: str, said: str
) -> HttpResponse:
    facts: Facts = {}

    def work(given: dict[str, Any]) -> None:
        def once_only() -> Facts:
            return {"over": twice(request.actor, change(dict(given)))}

        facts.update(once(request, request.actor, once_only))

    if sent(request, form, work):
        return acted(request, order_id, " · ".join(word for word in (said, facts["over"]) if word))
    context = {
        "form": form,
        "title": title,
        "url": request.get_full_path(),
        "rows": [[form[name] for name in names] for names in form.LAYOUT],
    }
    status = 422 if form.errors else 200
    return render(request, "office/orders/hours.html", context, status=status)
