"""The bytes of photos, in parts, by their hash: how far a file is, and one part more."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callout.fieldwork.services import uploads
from callout.fieldwork.services.handover import handover_file_count
from callout.kernel.errors import Invalid
from callout.web.access import ActorRequest, device_page, upload_page
from callout.web.technician.phone_json import answered


@require_safe
@device_page
def state(request: ActorRequest, sha256: str) -> HttpResponse:
    """Which parts are here of the phone's own file; nobody else's bytes count."""
    return _held(uploads.upload_state(actor=request.actor, sha256=sha256))


@require_http_methods(["PUT", "GET", "HEAD"])
@upload_page
def part(request: ActorRequest, sha256: str, part: int) -> HttpResponse:
    """Keep a part; the same again changes nothing. `X-Size` is the whole file's."""
    if request.method != "PUT":
        return _held(uploads.upload_state(actor=request.actor, sha256=sha256))
    size = request.headers.get("X-Size", "")
    if not (size.isascii() and size.isdigit() and len(size) < 12):
        raise Invalid({"size": [_("Say in X-Size how many bytes the whole file has.")]})
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > uploads.PART:  # not read to be refused
        raise Invalid({"part": [_("This part has not the length that it should have.")]})
    if request.handing_over:
        handover_file_count(actor=request.actor, size=len(request.body))
    return _held(
        uploads.upload_part(
            actor=request.actor, sha256=sha256, part=part, size=int(size), data=request.body
        )
    )


def _held(found: uploads.Held) -> HttpResponse:
    return answered(size=found.size, held=found.held, state=found.state, words=found.words)
