"""What a notice says, in the language that is active."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from callout.notify.models import Notice
from callout.orders.selectors.when import When


def notice_words(notice: Notice, when: When) -> str:
    """One line: what became of the visit, with the slot that counts."""
    was, now = _slot(notice.facts.get("was"), when), _slot(notice.facts.get("is"), when)
    if notice.kind == Notice.NEW:
        return _("New work: %(slot)s") % {"slot": now}
    if notice.kind == Notice.MOVED:
        return _("Moved: %(slot)s, instead of %(before)s") % {"slot": now, "before": was}
    if notice.kind == Notice.CANCELLED:
        return _("Cancelled: %(slot)s") % {"slot": was}
    if notice.kind == Notice.DECIDED:
        return _decided(notice.facts)
    if notice.facts.get("outcome") not in (None, "unplanned"):
        return _("Closed by the office: %(slot)s") % {"slot": was}
    return _("No longer yours: %(slot)s") % {"slot": was}


def _decided(facts: Mapping[str, Any]) -> str:
    if facts.get("decision") == "happened":
        return _("The office has entered your late report.")
    return _("The office has kept your late report as a note.")


def notice_title(notice: Notice) -> str:
    """A word or two, for where there is no room for more."""
    return {
        Notice.NEW: _("New work"),
        Notice.MOVED: _("Moved"),
        Notice.CANCELLED: _("Cancelled"),
        Notice.DECIDED: _("Late report"),
    }.get(notice.kind, _("No longer yours"))


def _slot(facts: Mapping[str, Any] | None, when: When) -> str:
    if not facts:
        return ""
    start, end = (datetime.fromisoformat(facts[name]) for name in ("start", "end"))
    return when.slot_full(start, end)
