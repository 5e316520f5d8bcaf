"""Why something is not served, and what would help most cheaply, in words by an order."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from callout.planning.fit.words import day_words, length_words
from callout.routing.building import Built
from callout.routing.engine.reasons import Reason, Relaxation


@dataclass(frozen=True, slots=True)
class Unserved:
    """For people (`words`, `remedy`: empty where none is known) and programs (`code`)."""

    code: str
    words: str
    remedy: str = ""


def unserved_words(built: Built, reason: Reason, key: str) -> Unserved:
    """Of an order that the engine has left out of its plan."""
    given = [_given(built, one) for one in reason.remedy]
    return Unserved(reason.code, _why(built, reason.code, key), _fits(given))


def _why(built: Built, code: str, key: str) -> str:
    if code == "skills":
        named = ", ".join(built.works[key].job.skills.values())
        return _("nobody who works then has the skill “%(skill)s”") % {"skill": named}
    if code == "shift_too_short" and _spans_a_pause(built, key):
        return _("it takes longer than anybody works without a pause: plan it by hand")
    return {
        "fits": _("its turn did not come in this time"),
        "no_technician": _("nobody who may have it works on these days"),
        "shift_too_short": _("it takes longer than anybody works on a day"),
        "never_open": _("nobody works when it may begin"),
        "too_far": _("nobody gets there and back within their day"),
        "must_elsewhere": _("what is planned already leaves no room for it"),
        "no_room": _("the other visits leave no room for it"),
    }[code]


def _spans_a_pause(built: Built, key: str) -> bool:
    """Planning lets such a job go on through a pause: somebody's hours hold it with theirs."""
    length = built.works[key].job.duration
    return any(one.gaps and one.end - one.begin >= length for one in built.shifts.values())


def _fits(given: list[str]) -> str:
    if not given:
        return ""
    return _("it would fit like this: %(remedies)s") % {"remedies": "; ".join(given)}


def _given(built: Built, one: Relaxation) -> str:
    """A whole sentence for each, which stands in a list."""
    shift = built.shifts[one.technician_id]
    several = len({other.day for other in built.shifts.values()}) > 1
    who = shift.person.name
    said = {
        "name": f"{who} ({day_words(shift.day)})" if several else who,
        "length": length_words(timedelta(seconds=-(-one.seconds // 60) * 60)),
    }
    if one.kind == "instead":
        work = built.works.get(one.order_id or "")
        said["number"] = work.name if work else ""
        return _("%(name)s does not have %(number)s") % said
    return {
        "shift": _("%(name)s works %(length)s longer"),
        "window": _("it may begin %(length)s earlier or later, with %(name)s"),
        "lunch": _("%(name)s has no lunch break"),
        "skills": _("%(name)s has the skill"),
        "only": _("it may go to %(name)s"),
    }[one.kind] % said
