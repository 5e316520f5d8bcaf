"""What speaks against a slot without forbidding it: small rules, each with its words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.planning.agenda import Agenda
from callout.travel.estimate import Place, travel_estimate


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason against, for people (`words`) and programs (`code`)."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a slot is for. `skills` are those needed, by id."""

    where: Place | None
    skills: Mapping[UUID, str]
    opening_hours: list[list[list[str]]] | None = None
    wish_not_before: datetime | None = None
    wish_due: datetime | None = None
    wish_from: time | None = None
    wish_to: time | None = None
    due_at: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A slot under judgement: whose, when, and for what."""

    agenda: Agenda
    start: datetime
    end: datetime
    job: Job


Rule = Callable[[Fit], Iterator[Caution]]


def cautions_for(fit: Fit) -> list[Caution]:
    """All that speaks against the slot, in the order of RULES."""
    return [caution for rule in RULES for caution in rule(fit)]


def skill(fit: Fit) -> Iterator[Caution]:
    """The technician lacks a skill that the type needs."""
    has = {skill.pk for skill in fit.agenda.technician.skills.all()}
    for skill_id, name in fit.job.skills.items():
        if skill_id not in has:
            words = {"name": fit.agenda.technician.name, "skill": name}
            yield Caution("skill", _("%(name)s has no skill “%(skill)s”.") % words)


def hours(fit: Fit) -> Iterator[Caution]:
    """Outside the working hours; a lunch inside the slot is no reason."""
    day = local(fit.start).date()
    spans = [span for span in fit.agenda.hours if local(span[0]).date() == day]
    if not spans:
        yield Caution("hours", _("%(name)s does not work that day.") % _name(fit))
    elif fit.start < spans[0][0] or fit.end > max(span[1] for span in spans):
        words = _name(fit) | {
            "start": local(spans[0][0]).strftime("%H:%M"),
            "end": local(max(span[1] for span in spans)).strftime("%H:%M"),
        }
        yield Caution("hours", _("%(name)s works from %(start)s to %(end)s that day.") % words)


def travel(fit: Fit) -> Iterator[Caution]:
    """Too little time to drive from the stop before, or to the one after."""
    if fit.job.where is None:
        return
    day = local(fit.start).date()
    stops = [stop for stop in fit.agenda.stops if stop.day == day and stop.place is not None]
    before = max((s for s in stops if s.end <= fit.start), key=lambda s: s.end, default=None)
    after = min((s for s in stops if s.start >= fit.end), key=lambda s: s.start, default=None)
    gaps = []
    if before is not None:
        gaps.append((before, fit.start - before.end))
    if after is not None:
        gaps.append((after, after.start - fit.end))
    for stop, gap in gaps:
        needed = travel_estimate(stop.place, fit.job.where).minutes if stop.place else 0
        if gap < timedelta(minutes=needed):
            words = {"needed": needed, "gap": int(gap.total_seconds() // 60)}
            text = _("The drive takes %(needed)d min, there are %(gap)d min.")
            yield Caution("travel", text % words)


def opening(fit: Fit) -> Iterator[Caution]:
    """The site is closed."""
    if fit.job.opening_hours is None:
        return
    begin, finish = local(fit.start), local(fit.end)
    pairs = fit.job.opening_hours[begin.weekday()]
    inside = any(a <= begin.strftime("%H:%M") and finish.strftime("%H:%M") <= b for a, b in pairs)
    if not inside or begin.date() != finish.date():
        yield Caution("opening", _("The site is not open all that time."))


def wish(fit: Fit) -> Iterator[Caution]:
    """Not when the customer would like it."""
    job, hour = fit.job, local(fit.start).time()
    refused = [
        job.wish_not_before is not None and fit.start < job.wish_not_before,
        job.wish_due is not None and fit.end > job.wish_due,
        job.wish_from is not None and hour < job.wish_from,
        job.wish_to is not None and hour > job.wish_to,
    ]
    if any(refused):
        yield Caution("wish", _("This is not when the customer would like it."))


def promise(fit: Fit) -> Iterator[Caution]:
    """Outside what was promised to the customer."""
    if fit.job.promise_from is None or fit.job.promise_to is None:
        return
    if not fit.job.promise_from <= fit.start <= fit.job.promise_to:
        words = {
            "start": local(fit.job.promise_from).strftime("%d/%m %H:%M"),
            "end": local(fit.job.promise_to).strftime("%H:%M"),
        }
        text = _("Arrival was promised for %(start)s–%(end)s: call the customer or promise anew.")
        yield Caution("promise", text % words)


def target(fit: Fit) -> Iterator[Caution]:
    """After the response target."""
    if fit.job.due_at is not None and fit.start > fit.job.due_at:
        late = int((fit.start - fit.job.due_at).total_seconds() // 60)
        words = {"late": f"{late // 60} h {late % 60:02d}" if late >= 60 else f"{late} min"}
        yield Caution("target", _("%(late)s after the response target.") % words)


RULES: tuple[Rule, ...] = (skill, hours, travel, opening, wish, promise, target)


def _name(fit: Fit) -> dict[str, Any]:
    return {"name": fit.agenda.technician.name}
