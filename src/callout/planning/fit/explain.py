"""Why not this technician, and what would help: every failed rule in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from callout.planning.fit.cost import Option, cost, price, rank, waiting
from callout.planning.fit.person import Fit
from callout.planning.fit.rules import reasons
from callout.planning.fit.slots import STEP, Search
from callout.planning.fit.suggest import best, option
from callout.planning.fit.words import moment_words

Kind = Literal["another_slot", "another_technician", "allow_overlap"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would do instead; `option` is the slot, with what still speaks against it."""

    kind: Kind
    words: str
    option: Option


@dataclass(frozen=True, slots=True)
class Explanation:
    """A slot of somebody: all that speaks against it (hard first), its cost, and remedies.

    The cheapest remedy comes first. Of a slot that nothing speaks against there is none.
    """

    option: Option
    remedies: list[Remedy]


def judged(fit: Fit) -> Option:
    """Any slot, weighed by every rule."""
    return Option(fit, reasons(fit), cost(fit))


def explained(fit: Fit, own: Search, others: Sequence[Search]) -> Explanation:
    """`own` is the technician's search, `others` those of everybody else."""
    found = judged(fit)
    if not found.reasons:
        return Explanation(found, [])
    slots = [one for one in (_nearest(fit, own, found), _else(fit, others, found)) if one]
    remedies = sorted(slots, key=lambda one: _trouble(one.option, fit))
    if {one.code for one in found.reasons if one.hard} == {"overlap"}:
        # Last, however cheap: somebody will be late for one of the two.
        words = _("allow the overlap on purpose")
        allowed = judged(replace(fit, allow_overlap=True))
        remedies.append(Remedy("allow_overlap", words, allowed))
    return Explanation(found, remedies)


def _nearest(fit: Fit, own: Search, found: Option) -> Remedy | None:
    """Their own free slot nearest to the one asked that has less against it."""
    starts = sorted(own.starts(STEP), key=lambda start: abs(start - fit.start))
    nearest: Option | None = None
    for start in starts:
        one = option(own, start, fit.now)
        if nearest is None or rank(one)[:2] < rank(nearest)[:2]:
            nearest = one
        if not one.reasons:
            break
    if nearest is None or rank(nearest)[:2] >= rank(found)[:2]:
        return None
    return Remedy("another_slot", _("another time: %(slot)s") % {"slot": _slot(nearest)}, nearest)


def _else(fit: Fit, others: Sequence[Search], found: Option) -> Remedy | None:
    """Somebody else at that time; or, where nobody is free then, the best of all."""
    then = [judged(replace(fit, person=search.person)) for search in others]
    chosen = min(then, key=rank, default=None)
    if chosen is None or chosen.reasons:
        first = next(iter(best(others, fit.now, 1)), None)
        chosen = min((one for one in (chosen, first) if one), key=rank, default=None)
    if chosen is None or rank(chosen)[:2] >= rank(found)[:2]:
        return None
    said = {"name": chosen.fit.person.name, "slot": _slot(chosen)}
    words = _("another technician: %(name)s, %(slot)s") % said
    return Remedy("another_technician", words, chosen)


def _trouble(one: Option, asked: Fit) -> tuple[int, float]:
    """How much is left against it, then its price with the time that it moves away."""
    moved = waiting(abs(one.fit.start - asked.start)) - waiting(one.cost.wait)
    return len(one.reasons), price(one.cost) + moved


def _slot(one: Option) -> str:
    zone = one.fit.zone
    return f"{moment_words(one.fit.start, zone)}–{one.fit.end.astimezone(zone):%H:%M}"


def first_or_now(search: Search, now: datetime) -> datetime:
    """The start that is judged where none was chosen: the first free one, else now."""
    return next(search.starts(), max(now, search.not_before))
