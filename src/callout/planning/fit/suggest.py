"""Who should go and when: the best technician-and-slot pairs, and in words why. Pure."""

from bisect import insort
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.planning.fit.cost import KNOWN, Option, Rank, cost, rank, waiting
from callout.planning.fit.person import Fit
from callout.planning.fit.rules import WEIGHED, reasons
from callout.planning.fit.slots import APART, STEP, Search

# What speaks against a slot and will against each later one.
LASTING = {"skill", "target", "pinned"}
ROUNDED = 2  # minutes by which two rounded drives may be shorter than the one they replace


def option(search: Search, start: datetime, now: datetime) -> Option:
    """A slot that the search has found, weighed: it is free, so only the rest is asked."""
    end = start + search.job.duration
    fit = Fit(search.person, search.job, start, end, now, search.zone)
    return Option(fit, reasons(fit, WEIGHED), cost(fit))


def best(searches: Iterable[Search], now: datetime, limit: int) -> list[Option]:
    """The best pairs by `rank`. Of each person no more is looked at than can be among them."""
    firsts: list[Rank] = []  # the best of each person so far
    found: list[tuple[Rank, Option]] = []
    for search in searches:
        own = _own(search, now, firsts[limit - 1] if len(firsts) >= limit else None)
        own.sort(key=rank)
        found += [(rank(one, nth), one) for nth, one in enumerate(own[:limit])]
        if own:
            insort(firsts, rank(own[0]))
    # A second slot of somebody is there only before another's first: it has to beat somebody.
    last = firsts[-1] if firsts else None
    stand = [pair for pair in found if last and pair[0] <= last]
    return [one for _rank, one in sorted(stand, key=lambda pair: pair[0])[:limit]]


def _own(search: Search, now: datetime, worst: Rank | None) -> list[Option]:
    own = []
    for start in search.starts():
        one = option(search, start, now)
        own.append(one)
        if worst is not None and _beaten(one, worst):
            break
    return own


def best_of(search: Search, now: datetime, until: datetime) -> Option | None:
    """The best slot of one person that begins before `until`, by `rank`; None for none.

    Where something speaks against it that another hour may mend, every quarter is looked at.
    """
    found = _least(search, APART, now, until)
    if found is None or all(reason.code in LASTING for reason in found.reasons):
        return found
    return _least(search, STEP, now, until)


def _least(search: Search, apart: timedelta, now: datetime, until: datetime) -> Option | None:
    """The best of the slots so far apart. No more is looked at than can be it."""
    found: Option | None = None
    least: Rank | None = None
    for start in takewhile(lambda start: start < until, search.starts(apart)):
        one = option(search, start, now)
        own = rank(one)
        if least is None or own < least:
            found, least = one, own
        if _beaten(one, least):
            break
    return found


def _beaten(one: Option, worst: Rank) -> bool:
    """Whether nothing that begins after `one` can come before `worst`."""
    known = KNOWN if one.cost.known else 0
    lasting = sum(reason.code in LASTING for reason in one.reasons)
    return (0, lasting, 0, waiting(one.cost.wait) - known - ROUNDED) > worst[:4]


def why(one: Option) -> str:
    """What speaks for this pair, and what against: facts beside each other, none of which leans on
    another."""
    parts = [_drive_words(one)] if one.cost.leg else []
    if one.cost.known:
        parts.append(_("has been there before"))
    if one.cost.to_target is not None and one.cost.to_target.total_seconds() >= 0:
        parts.append(_("in time for the response target"))
    parts += [reason.words for reason in one.reasons]
    facts = " · ".join(parts) or _("free at that time")
    return f"{facts[0].upper()}{facts[1:]}"


def _drive_words(one: Option) -> str:
    found = one.cost
    minutes = found.leg.minutes if found.leg else 0
    if found.from_base:
        words = ngettext("%(count)d min from home", "%(count)d min from home", minutes)
    else:
        words = ngettext(
            "%(count)d min from the visit before", "%(count)d min from the visit before", minutes
        )
    return words % {"count": minutes}
