"""Files of the technician's own work, outside the app's scope: no service worker keeps them."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from callout.kernel.errors import NotFound
from callout.orders.files import file_path, thumb_path
from callout.orders.models import Attachment
from callout.orders.technician_selectors import attachment_of_own_work
from callout.web.access import ActorRequest, device_page
from callout.web.files import file_answer


@require_safe
@device_page
def file(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """The file itself."""
    return file_answer(_there(request, attachment_id))


@require_safe
@device_page
def thumb(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """A small picture of a photo."""
    row = _there(request, attachment_id, photo=True)
    return file_answer(row, thumb_path(row.sha256))


def _there(request: ActorRequest, attachment_id: UUID, *, photo: bool = False) -> Attachment:
    row = attachment_of_own_work(actor=request.actor, attachment_id=attachment_id, photo=photo)
    if not file_path(row.sha256).exists():  # restored from a backup without its files
        raise NotFound
    return row
