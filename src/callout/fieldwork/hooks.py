"""What orders asks of the record of the work, handed to it when the application starts."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.fieldwork.models import Signature
from callout.fieldwork.selectors.record import required_missing
from callout.kernel.actor import Actor
from callout.kernel.errors import Refused
from callout.orders.models import TimelineEntry, Visit


def complete_guard(actor: Actor, visit: Visit) -> None:
    """Refused to a technician while required lines of the checklist have no answer.

    A photo that is announced is one. The office may complete all the same.
    """
    if actor.is_manager:
        return
    missing = required_missing(visit)
    if missing:
        words = ngettext(
            "One required line of the checklist is open: %(lines)s.",
            "%(count)d required lines of the checklist are open: %(lines)s.",
            len(missing),
        )
        lines = ", ".join(missing[:5]) + ("…" if len(missing) > 5 else "")
        raise Refused(
            words % {"count": len(missing), "lines": lines}, code="checklist_open", missing=missing
        )


def built_on(entry: TimelineEntry) -> str:
    """Why the step cannot be undone: the customer has signed since; "" when nobody has."""
    if entry.visit_id is None:
        return ""
    signed = Signature.objects.filter(visit=entry.visit_id, signed_at__gte=entry.at)
    return _("The customer has signed since.") if signed.exists() else ""
