"""The true time of a step, set afterwards on the order's page."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callout.accounts.zone import local
from callout.orders.models import TimelineEntry
from callout.orders.selectors.steps import step_get
from callout.orders.services import step_correct
from callout.orders.words import action_label
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import sent
from callout.web.office.account.forms import OfficeForm
from callout.web.office.orders.answers import acted
from callout.web.office.orders.forms import moment_field


class CorrectionForm(OfficeForm):
    """When it was; `version` is the time that the reader saw."""

    at = moment_field(gettext_lazy("When it truly happened"))
    version = forms.DateTimeField(widget=forms.HiddenInput, required=False)


@manager_page
def step_edit(request: ActorRequest, entry_id: int) -> HttpResponseBase:
    """Another time for what was tapped; hours and visit follow, the first value stays."""
    entry = step_get(actor=request.actor, entry_id=entry_id)
    shown = {"at": local(entry.at), "version": entry.at.isoformat()}
    form = CorrectionForm(request.POST or None, initial=shown)

    def change(given: dict[str, Any]) -> None:
        at = _meant(entry, given["at"])
        step_correct(actor=request.actor, entry_id=entry_id, at=at, was=given["version"])

    if sent(request, form, change):
        return acted(request, entry.order_id, _("Time corrected"))
    context = {
        "form": form,
        "title": _("When was “%(action)s”?") % {"action": action_label(entry.action)},
        "url": request.get_full_path(),
        "rows": [[form["at"]]],
    }
    return render(request, "office/orders/hours.html", context, status=422 if form.errors else 200)


def _meant(entry: TimelineEntry, typed: datetime) -> datetime:
    """The field knows no seconds: the same minute is the same time."""
    minute = entry.at.replace(second=0, microsecond=0)
    return entry.at if typed == minute else typed
