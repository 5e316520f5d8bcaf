"""The list of webhooks, the page of each with its log, and its buttons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from callout.kernel.errors import Refused
from callout.web.access import ActorRequest, admin_page
from callout.web.office.account.base import base_of, form_page, go, sent
from callout.web.office.settings_webhooks.forms import WebhookEditForm, WebhookForm
from callout.web.office.settings_webhooks.shown import delivery_shown, is_awaited, webhook_shown
from callout.webhooks import selectors, services
from callout.webhooks.models import Delivery, Webhook


@admin_page
def webhooks_page(request: ActorRequest) -> HttpResponseBase:
    """All webhooks, and how each fares."""
    rows = selectors.webhooks_list(actor=request.actor)
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": _("Webhooks"),
        "button": _("New webhook"),
        "button_url": reverse("office:webhook_new"),
        "webhooks": [webhook_shown(row) for row in rows],
    }
    return render(request, "settings/webhooks/list.html", context)


@never_cache
@admin_page
def webhook_new(request: ActorRequest) -> HttpResponseBase:
    """A new one. Its secret is shown once, in the answer to its making, and never again."""
    form = WebhookForm(request.POST or None)
    made: list[tuple[Webhook, str]] = []

    def create(given: dict[str, Any]) -> None:
        made.append(services.webhook_create(actor=request.actor, **form.given(given)))

    if sent(request, form, create):
        return _page(request, made[0][0].pk, plain=made[0][1])
    template = "settings/webhooks/new.html"
    return form_page(request, form, _("New webhook"), template=template, **_parent())


@admin_page
def webhook_page(request: ActorRequest, webhook_id: UUID) -> HttpResponseBase:
    """One of them: name, address, events, and its log."""
    row = selectors.webhook_get(actor=request.actor, webhook_id=webhook_id)
    form = WebhookEditForm(request.POST or None, initial=WebhookEditForm.values_of(row))

    def update(given: dict[str, Any]) -> None:
        services.webhook_update(actor=request.actor, webhook_id=row.pk, **form.given(given))

    if sent(request, form, update):
        messages.success(request, _("Saved."))
        return redirect("office:webhook", webhook_id=row.pk)
    return _page(request, webhook_id, form=form)


@never_cache
@require_POST
@admin_page
def webhook_secret(request: ActorRequest, webhook_id: UUID) -> HttpResponseBase:
    """A new secret, shown in this answer alone."""
    try:
        plain = services.webhook_secret_renew(actor=request.actor, webhook_id=webhook_id)
    except Refused as error:
        messages.error(request, error.message)
        return go(request, "office:webhook", webhook_id=webhook_id)
    return _page(request, webhook_id, plain=plain, renewed=True)


@require_POST
@admin_page
def webhook_test(request: ActorRequest, webhook_id: UUID) -> HttpResponse:
    """Send a test event."""
    return _told(request, webhook_id, services.webhook_test)


@require_POST
@admin_page
def delivery_again(request: ActorRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send a delivery of the log again."""
    return _told(request, webhook_id, services.delivery_send_again, delivery_id=delivery_id)


@require_POST
@admin_page
def webhook_remove(request: ActorRequest, webhook_id: UUID) -> HttpResponse:
    """Remove it, with its log."""
    services.webhook_remove(actor=request.actor, webhook_id=webhook_id)
    messages.success(request, _("Removed."))
    return go(request, "office:webhooks")


def _told(request: ActorRequest, webhook_id: UUID, change: Any, **ids: UUID) -> HttpResponse:
    try:
        change(actor=request.actor, webhook_id=webhook_id, **ids)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is on its way; the log below shows what comes of it."))
    return go(request, "office:webhook", webhook_id=webhook_id)


def _page(
    request: ActorRequest,
    webhook_id: UUID,
    *,
    form: WebhookEditForm | None = None,
    plain: str = "",
    renewed: bool = False,
) -> HttpResponse:
    row = selectors.webhook_get(actor=request.actor, webhook_id=webhook_id)
    state, cursor = request.GET.get("state", ""), request.GET.get("cursor") or None
    log = selectors.deliveries_page(
        actor=request.actor, webhook_id=webhook_id, state=state, cursor=cursor
    )
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": row.name,
        "form": form or WebhookEditForm(initial=WebhookEditForm.values_of(row)),
        "webhook": webhook_shown(row),
        "plain": plain,
        "renewed": renewed,
        "deliveries": [delivery_shown(one) for one in log.items],
        "next": log.next,
        "cursor": cursor,
        "state": state if state in dict(Delivery.STATES) else "",
        "awaited": any(is_awaited(one) for one in log.items),
        **_parent(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "settings/webhooks/webhook.html", context, status=status)


def _parent() -> dict[str, str]:
    return {"parent": reverse("office:webhooks"), "parent_title": _("Webhooks"), "nav": "settings"}
