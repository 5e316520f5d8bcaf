"""A phone signs in and out; whether it may say where it is; a code that it may look at."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, logout
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from callout.accounts.services import device_consent, device_sign_in, device_sign_out
from callout.fieldwork.sync.limits import hurry_refused
from callout.orders.services import order_code_look
from callout.orders.technician_selectors import order_id_of_visit
from callout.web.access import ActorRequest, device_page, phone_page
from callout.web.technician.phone_json import (
    answered,
    cookies_clear,
    cookies_set,
    said,
    unreadable,
)


@require_POST
@phone_page
def sign_in(request: ActorRequest) -> HttpResponse:
    """Make this browser a phone of the technician who is signed in to the office."""
    said(request)
    actor = request.actor
    device, secret = device_sign_in(
        actor=actor,
        user_agent=request.headers.get("User-Agent", "")[:500],
        before=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")[:100],
        session_key=request.session.session_key or "",
        session_hash=request.session[HASH_SESSION_KEY],
    )
    user = {"id": str(actor.user_id), "name": actor.name, "language": actor.language}
    answer = answered(user=user, device=str(device.pk))
    cookies_set(answer, secret)
    return answer


@require_POST
@device_page
def sign_out(request: ActorRequest) -> HttpResponse:
    """End the phone, and the office's session in the same browser."""
    said(request)
    device_sign_out(actor=request.actor)
    logout(request)
    answer = answered()
    cookies_clear(answer)
    return answer


@require_POST
@device_page
def consent(request: ActorRequest) -> HttpResponse:
    """Whether the phone may say where it is."""
    hurry_refused(request.actor.device_id)
    position = said(request).get("position")
    if not isinstance(position, bool):
        raise unreadable()
    device_consent(actor=request.actor, position=position)
    return answered(position=position)


@require_POST
@device_page
def code(request: ActorRequest, visit_id: UUID) -> HttpResponse:
    """The access code of the visit's site. Each look is in the journal; the phone keeps none."""
    hurry_refused(request.actor.device_id)
    said(request)
    order_id = order_id_of_visit(actor=request.actor, visit_id=visit_id)
    return answered(code=order_code_look(actor=request.actor, order_id=order_id))
