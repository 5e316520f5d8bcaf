"""Somebody's best slot for a job, as it may be proposed, or why there is none. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from callout.planning.fit.cost import KNOWN, LATE, Option, price, waiting
from callout.planning.fit.person import Job
from callout.planning.fit.slots import Search
from callout.planning.fit.suggest import ROUNDED, option
from callout.planning.fit.words import moment_words

BARRED = frozenset({"hours", "skill", "promise", "travel_before", "travel_after"})
A_REASON = 1_000.0  # minutes of driving that it is worth to have one reason less against a slot
FEW = 8  # slots of each that are looked at to say why none is right


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a task has no slot, for people and programs."""

    code: str
    words: str


def best_slot(
    search: Search,
    now: datetime,
    beaten: float = float("inf"),
    takes: Callable[[Option], bool] = lambda _one: True,
) -> tuple[Option | None, float]:
    """A person's best slot with none of BARRED against it, and its score; or None, and a figure
    that none of theirs is below: no more is looked at once they cannot be better than `beaten`.
    `takes` may refuse a slot for other reasons.
    """
    job = search.job
    if not job.skills.keys() <= search.person.skills:
        return None, float("inf")
    found, least = None, float("inf")
    for start in search.starts():
        bound = at_least(job, search.person.id, start, now)
        if bound > least:
            break
        if bound > beaten:
            return None, bound
        one = option(search, start, now)
        score = score_of(one)
        if score < least and not is_barred(one) and takes(one):
            found, least = one, score
    return found, least


def at_least(job: Job, person_id: UUID, start: datetime, now: datetime) -> float:
    """What no slot from `start` on can score below: its waiting, and how late it is."""
    score = waiting(start - now) - ROUNDED - (KNOWN if person_id in job.known else 0)
    if job.target is not None and start > job.target:
        score += A_REASON + (start - job.target).total_seconds() / 60 * LATE
    return score


def is_barred(one: Option) -> bool:
    """Whether it is never proposed: what is refused, and what a dispatcher would not do."""
    return any(reason.hard or reason.code in BARRED for reason in one.reasons)


def score_of(one: Option) -> float:
    """What `cost.rank` orders by, as one figure; rounded, so that the noise of the second at which
    one asks does not choose among equals."""
    return round(len(one.reasons) * A_REASON + price(one.cost), 2)


def why_not(searches: Sequence[Search], now: datetime) -> Unplaced:
    """Why nobody takes it: a skill that nobody has, no room, or what bars the least bad slot."""
    if not searches:
        return Unplaced("nobody", _("there is nobody to plan for"))
    job = searches[0].job
    for needed, name in job.skills.items():
        if not any(needed in search.person.skills for search in searches):
            return Unplaced("skill", _("nobody has the skill “%(skill)s”") % {"skill": name})
    starts = [(search, start) for search in searches for start in islice(search.starts(), FEW)]
    barred = [option(search, start, now) for search, start in starts]
    able = [one for one in barred if not any(reason.code == "skill" for reason in one.reasons)]
    least = min(able or barred, key=score_of, default=None)
    minutes = int(job.duration.total_seconds() // 60)
    if least is None:
        words = _("nobody is free for %(minutes)d minutes in these days") % {"minutes": minutes}
        return Unplaced("no_free_slot", words)
    reason = next((one for one in least.reasons if one.code in BARRED), None)
    said = {
        "name": least.fit.person.name,
        "slot": moment_words(least.fit.start, least.fit.zone),
        "reason": reason.words if reason else "",
        "minutes": minutes,
    }
    if not able:
        return Unplaced(
            "no_free_slot",
            _(
                "nobody with the skill is free for %(minutes)d minutes; %(name)s, %(slot)s: "
                "%(reason)s"
            )
            % said,
        )
    return Unplaced(reason.code if reason else "", _("%(name)s, %(slot)s: %(reason)s") % said)
