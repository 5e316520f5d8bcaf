"""What of a planned visit will fail on its day: the rules, and what its order lacks. Pure."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from django.utils.translation import gettext as _

from callout.planning.fit.person import Fit
from callout.planning.fit.reach import travel_before
from callout.planning.fit.reason import Reason, Rule
from callout.planning.fit.rules import (
    absent,
    archived,
    hours,
    opening,
    overlap,
    promise,
    skill,
    vehicle,
)

# Not travel_after: the visit after is on the list itself, as the one that is reached too late. Nor
# the wish and the response target: what misses them is no failure of the day.
CHECKED: tuple[Rule, ...] = (
    archived, absent, vehicle, travel_before, opening, hours, skill, promise,
)  # fmt: skip
MINUTE = timedelta(minutes=1)

# What mends it: the visit planned anew, a call and another promise, or what is known of the site,
# the customer; or the order planned, or closed.
Mend = Literal["replan", "promise", "site", "customer", "plan", "close"]
# In the order in which they are read: what cannot be done at all first.
MENDS: dict[str, Mend] = {
    "technician_archived": "replan",
    "technician_absent": "replan",
    "holiday": "replan",
    "vehicle": "replan",
    "travel_before": "replan",
    "skill": "replan",
    "opening": "replan",
    "promise": "promise",
    "hours": "replan",
    "overlap": "replan",
    "too_short": "replan",
    "no_position": "site",
    "no_phone": "customer",
    "unanswered": "plan",
    "not_closed": "close",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a slot's fit does not know of the order: whether there is a phone to reach somebody,
    and the length that it needs in one visit (None where it has several)."""

    phone: bool
    needs: timedelta | None = None


def failing(fit: Fit, facts: Facts) -> list[Reason]:
    """All that will fail of a visit that has not begun. Its own stop is not among `fit`'s."""
    found = [reason for rule in CHECKED for reason in rule(fit)]
    if fit.allow_overlap:
        # Only on purpose can it be there; and it is told where the purpose is.
        found += [_on_purpose(one) for one in overlap(replace(fit, allow_overlap=False))]
    if facts.needs is not None and facts.needs > fit.end - fit.start:
        said = {"slot": (fit.end - fit.start) // MINUTE, "needs": facts.needs // MINUTE}
        words = _("%(slot)d min are planned, %(needs)d min needed") % said
        found.append(Reason("too_short", words, figures=said))
    if fit.job.place is None:
        found.append(Reason("no_position", _("the site is not on the map: no travel is known")))
    if not facts.phone:
        found.append(Reason("no_phone", _("nobody can be called: no phone is known")))
    return found


def _on_purpose(reason: Reason) -> Reason:
    words = _("overlaps %(number)s on purpose") % {"number": reason.figures["number"]}
    return replace(reason, words=words, hard=False)


def kind_label(kind: str) -> str:
    """What failures of a kind are called together."""
    return {
        "technician_archived": _("Technician archived"),
        "technician_absent": _("Technician absent"),
        "holiday": _("Public holiday"),
        "vehicle": _("Vehicle on two jobs"),
        "travel_before": _("Impossible travel"),
        "skill": _("Missing skill"),
        "opening": _("Outside opening hours"),
        "promise": _("Outside the promise"),
        "hours": _("Outside working hours"),
        "overlap": _("Overlap on purpose"),
        "too_short": _("Slot too short"),
        "no_position": _("No position"),
        "no_phone": _("No phone"),
        "unanswered": _("To be answered that day"),
        "not_closed": _("Not closed, of earlier days"),
    }[kind]
