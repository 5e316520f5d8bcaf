"""Where the phone of a deactivated user leaves what it holds. Nothing is read here."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from callout.fieldwork.services.handover import MOST_COMMANDS, handover_keep
from callout.fieldwork.sync.limits import hurry_refused, load_refused
from callout.fieldwork.sync.parsing import commands_read
from callout.web.access import ActorRequest, handover_page
from callout.web.technician.phone_json import answered, said


@require_POST
@handover_page
def handover(request: ActorRequest) -> HttpResponse:
    """Keep the commands for review; the ids that are kept."""
    hurry_refused(request.actor.device_id)
    load_refused(request.actor.user_id, len(request.body))
    body = said(request)
    # One request is never larger than the edge lets in; all of a phone's together are capped.
    commands, _nameless = commands_read(
        body.get("commands"), MOST_COMMANDS, most_bytes=len(request.body)
    )
    kept = handover_keep(actor=request.actor, commands=commands)
    return answered(kept=[str(one) for one in kept])
