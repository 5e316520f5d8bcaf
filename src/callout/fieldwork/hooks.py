"""What orders asks of the record of the work, handed to it when the application starts."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.fieldwork.models import Signature
from callout.fieldwork.selectors.record import required_missing
from callout.orders import guards
from callout.orders.models import Visit

MOST_NAMED = 5


def checklist_open(visit: Visit) -> str:
    """Required lines of the checklist that are not done: without an answer (a photo that is
    announced is one), or a tick that says no."""
    missing = required_missing(visit)
    if not missing:
        return ""
    words = ngettext(
        "One required line of the checklist is not done: %(lines)s.",
        "%(count)d required lines of the checklist are not done: %(lines)s.",
        len(missing),
    )
    lines = ", ".join(missing[:MOST_NAMED]) + ("…" if len(missing) > MOST_NAMED else "")
    return words % {"count": len(missing), "lines": lines}


def signed_since(visit: Any, since: Any) -> QuerySet[Signature]:
    """What the customer has signed since: it is not undone from under them."""
    return Signature.objects.filter(visit=visit, signed_at__gte=since)


def register() -> None:
    """Called once, when the application is ready."""
    guards.completing_guards.append(checklist_open)
    guards.built_on_guards.append(
        guards.BuiltOn(signed_since, lambda: _("The customer has signed since."))
    )
