"""Webhooks and their deliveries in words."""

from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callout.kernel import clock
from callout.orders.selectors.when import When
from callout.webhooks.events import ALL, event_label
from callout.webhooks.models import Delivery, Webhook

SOON = timedelta(minutes=1)  # until then the page looks again by itself

STATES: dict[str, tuple[Promise, str, str]] = {  # words, icon, tone
    Delivery.WAITING: (gettext_lazy("Waiting"), "clock", "plain"),
    Delivery.TAKEN: (gettext_lazy("Taken"), "check", "fit"),
    Delivery.GIVEN_UP: (gettext_lazy("Given up"), "alert-circle", "danger"),
}

# What the outgoing function says, and what an admin can do about it.
FAILURES: dict[str, Promise] = {
    "address": gettext_lazy("The address may not be asked: it is inside the network"),
    "too_slow": gettext_lazy("No answer within 10 seconds"),
    "too_large": gettext_lazy("The answer was too large"),
    "outgoing": gettext_lazy("The address could not be reached"),
    "key": gettext_lazy("Its secret was kept with another key (CALLOUT_FIELD_KEY): make a new one"),
    "held": gettext_lazy("Held: it was waiting in the backup that was restored here"),
}


def webhook_shown(row: Webhook) -> dict[str, Any]:
    """A webhook: its events, and how it fares."""
    count = len(row.events)
    words = ngettext("%(count)d event", "%(count)d events", count) % {"count": count}
    when = When()
    return {
        "row": row,
        "events": _("every event") if ALL in row.events else words,
        "trouble": _trouble(row, when),
        "old_until": when.moment(row.old_until)
        if row.old_until and row.old_until > clock.now()
        else "",
    }


def _trouble(row: Webhook, when: When) -> str:
    if row.off_why == Webhook.GONE:
        return _("Switched off: its receiver says that it is gone for good (410)")
    if row.off_why == Webhook.FAILING:
        return _("Switched off: for three days nothing got through")
    if row.is_on and row.failing_since:
        since = when.moment(row.failing_since)
        return _("Nothing has got through since %(when)s") % {"when": since}
    return ""


def delivery_shown(row: Delivery) -> dict[str, Any]:
    """A line of the log."""
    words, icon, tone = STATES[row.state]
    when = When()
    if row.status is not None:
        said = str(row.status)
    else:
        said = str(FAILURES.get(row.failure, row.failure))
    return {
        "row": row,
        "at": when.moment(row.created_at),
        "event": event_label(row.event),
        "state": words,
        "icon": icon,
        "tone": tone,
        "said": said,
        "tries": ngettext("%(count)d try", "%(count)d tries", row.tries) % {"count": row.tries},
        "tried": when.moment(row.tried_at) if row.tried_at else "",
        "next": when.moment(row.next_at) if row.next_at and row.tries else "",
        "took": _took(row.milliseconds),
    }


def _took(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    return _("%(count)d ms") % {"count": milliseconds}


def is_awaited(row: Delivery) -> bool:
    """Whether its next try is a matter of moments."""
    return row.next_at is not None and row.next_at < clock.now() + SOON
