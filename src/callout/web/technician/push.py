"""Where the phone's browser takes pushes."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from callout.fieldwork.sync.limits import hurry_refused
from callout.notify.services import push_subscribe, push_unsubscribe
from callout.web.access import ActorRequest, device_page
from callout.web.technician.phone_json import answered, said, unreadable


@require_http_methods(["POST", "DELETE"])
@device_page
def push(request: ActorRequest) -> HttpResponse:
    """POST what `pushManager.subscribe` gave, with `callout: 1`; DELETE ends it."""
    hurry_refused(request.actor.device_id)
    if request.method == "DELETE":
        push_unsubscribe(actor=request.actor)
        return answered(push=False)
    given = said(request)
    keys = given.get("keys")
    if not isinstance(keys, dict):
        raise unreadable()
    push_subscribe(
        actor=request.actor,
        endpoint=given.get("endpoint", ""),
        p256dh=keys.get("p256dh", ""),
        auth=keys.get("auth", ""),
    )
    return answered(push=True)
