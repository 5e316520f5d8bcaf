"""Priorities: what each is called, and how soon it is to be answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from callout.orders import services
from callout.orders.models import Priority
from callout.orders.priorities import priority_label
from callout.orders.selectors import catalogue
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import form_page, sent
from callout.web.office.settings_orders.base import list_page, parent_of
from callout.web.office.settings_orders.forms import PriorityForm


@manager_page
def priorities_page(request: ActorRequest) -> HttpResponseBase:
    """The four priorities: what they are called, and how soon to answer."""
    lines = [
        {
            "url": reverse("office:priority", kwargs={"code": row.code}),
            "icon": {"high": "chevron-up", "urgent": "chevrons-up"}.get(row.code, "minus"),
            "title": priority_label(row.code),
            "text": _target_words(row),
        }
        for row in reversed(catalogue.priority_list(actor=request.actor))
    ]
    return list_page(request, _("Priorities"), live="company", groups=[("", lines)])


def _target_words(row: Priority) -> str:
    if not row.response_hours:
        return _("no target")
    words = _("answer within %(count)d h")
    if row.working_hours_only:
        words = _("answer within %(count)d working h")
    return words % {"count": row.response_hours}


@manager_page
def priority_edit(request: ActorRequest, code: str) -> HttpResponseBase:
    """One priority; its code stays what it is."""
    row = catalogue.priority_get(actor=request.actor, code=code)
    form = PriorityForm(request.POST or None, initial=PriorityForm.values_of(row))

    def change(given: dict[str, Any]) -> object:
        version = given.pop("version")
        return services.priority_update(
            actor=request.actor, code=code, values=given, version=version
        )

    if sent(request, form, change):
        messages.success(request, _("Saved. It counts for orders recorded from now on."))
        return redirect("office:priorities")
    parent = parent_of("priorities", _("Priorities"))
    return form_page(request, form, priority_label(code), live=f"company:{UUID(int=1)}", **parent)
