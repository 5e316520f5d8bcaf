"""Reasons that are offered where an order is cancelled, handed back, or nobody was there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.orders import services
from callout.orders.selectors import catalogue
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import form_page, sent, sent_once
from callout.web.office.plain import versioned_deed
from callout.web.office.settings_orders.base import MOST, list_page, parent_of
from callout.web.office.settings_orders.forms import ReasonEditForm, ReasonForm, kinds


@manager_page
def reasons_page(request: ActorRequest) -> HttpResponseBase:
    """Why an order is cancelled, handed back, or nobody was there."""
    rows = catalogue.reason_page(actor=request.actor, limit=MOST).items
    away = catalogue.reason_page(actor=request.actor, archived=True, limit=MOST).items
    kind_words = {kind: str(label) for kind, label in kinds()}
    groups = [
        (
            str(label),
            [
                {
                    "url": reverse("office:reason", kwargs={"reason_id": row.pk}),
                    "icon": "message",
                    "title": row.label,
                    "text": "",
                    "archive": reverse("office:reason_archive", kwargs={"reason_id": row.pk}),
                    "version": row.version,
                }
                for row in rows
                if row.kind == kind
            ],
        )
        for kind, label in kinds()
    ]
    return list_page(
        request,
        _("Reasons"),
        live="reason",
        groups=groups,
        archived=[
            {
                "icon": "message",
                "title": row.label,
                "text": kind_words[row.kind],
                "restore": reverse("office:reason_restore", kwargs={"reason_id": row.pk}),
                "version": row.version,
            }
            for row in away
        ],
        button=_("New reason"),
        button_url=reverse("office:reason_new"),
        empty=_("None yet: a note is asked for instead."),
    )


@manager_page
def reason_new(request: ActorRequest) -> HttpResponseBase:
    """A reason more."""
    form = ReasonForm(request.POST or None, initial={"kind": "cancel"})
    if sent_once(request, form, lambda given: services.reason_create(actor=request.actor, **given)):
        messages.success(request, _("Added."))
        return redirect("office:reasons")
    return form_page(request, form, _("New reason"), **parent_of("reasons", _("Reasons")))


@manager_page
def reason_edit(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Other words for a reason; orders that have it show them too."""
    row = catalogue.reason_get(actor=request.actor, reason_id=reason_id)
    initial = {"label": row.label, "version": row.version}
    form = ReasonEditForm(request.POST or None, initial=initial)
    change: Callable[[dict[str, Any]], object] = lambda given: services.reason_update(  # noqa: E731
        actor=request.actor, reason_id=reason_id, **given
    )
    if sent(request, form, change):
        messages.success(request, _("Saved."))
        return redirect("office:reasons")
    live = f"reason:{reason_id}"
    return form_page(request, form, row.label, live=live, **parent_of("reasons", _("Reasons")))


@require_POST
@manager_page
def reason_archive(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Offer a reason no more."""
    return versioned_deed(
        request,
        services.reason_archive,
        reason_id=reason_id,
        back=reverse("office:reasons"),
        said=_("Archived. Orders that have it keep it."),
    )


@require_POST
@manager_page
def reason_restore(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Offer a reason again."""
    return versioned_deed(
        request,
        services.reason_restore,
        reason_id=reason_id,
        back=reverse("office:reasons"),
        said=_("Restored. It is offered again."),
    )
