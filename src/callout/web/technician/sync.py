"""The one door through which a phone and the server agree: docs/sync.md."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from callout.fieldwork.sync.exchange import exchange
from callout.fieldwork.sync.limits import hurry_refused, load_refused
from callout.fieldwork.sync.parsing import request_read
from callout.kernel import clock
from callout.web.access import ActorRequest, device_page, device_secret
from callout.web.technician.phone_json import cookies_set, unreadable


@require_POST
@device_page
def sync(request: ActorRequest) -> HttpResponse:
    """Commands up, answers and documents down."""
    if request.content_type != "application/json":
        raise unreadable()
    actor = request.actor
    hurry_refused(actor.device_id)
    load_refused(actor.user_id, len(request.body))
    said = request_read(request.body, clock.now())
    answer = HttpResponse(exchange(actor, said), content_type="application/json")
    # The cookie slides with the device's own 90 days.
    cookies_set(answer, device_secret(request))
    return answer
