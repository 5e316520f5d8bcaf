"""The one list of what speaks against a slot: small rules over plain data, each with its words.

The board, the first free slot, suggestions, explanations and the API all ask these. The hard ones
are what orders/services/booking.py refuses, in its order and with its codes: tests/planning shows
that the two agree, and that the database does.

Words stand under a technician's name, so they do not repeat it, and are whole when read aloud.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from callout.planning.fit.person import LONGEST, Absence, Fit, Interval, Person, day_of, windows
from callout.planning.fit.reach import overlaps, travel_after, travel_before
from callout.planning.fit.reason import Reason, Rule, of_stop, whole_minutes
from callout.planning.fit.words import day_words, last_day, late_words, moment_words

GRACE = timedelta(minutes=15)  # a slot that begins "now" is still chosen a few minutes later
FURTHEST = timedelta(days=3660)


# --- what is refused -----------------------------------------------------------------------------


def begun(fit: Fit) -> Iterator[Reason]:
    """What is under way is not planned any more."""
    if fit.job.begun:
        yield Reason("action_not_open", _("the visit is under way already"), hard=True)


def backwards(fit: Fit) -> Iterator[Reason]:
    """A visit ends after it starts."""
    if fit.end <= fit.start:
        yield Reason("slot_backwards", _("ends before it starts"), hard=True)


def too_long(fit: Fit) -> Iterator[Reason]:
    """A visit lasts a day at most."""
    if fit.end - fit.start > LONGEST:
        yield Reason("slot_too_long", _("longer than 24 hours"), hard=True)


def past(fit: Fit) -> Iterator[Reason]:
    """It would have begun already."""
    if fit.start < fit.now - GRACE:
        yield Reason("slot_past", _("in the past"), hard=True)


def too_far(fit: Fit) -> Iterator[Reason]:
    """A date that is a mistake of typing."""
    if fit.start > fit.now + FURTHEST:
        yield Reason("slot_too_far", _("more than ten years ahead"), hard=True)


def archived(fit: Fit) -> Iterator[Reason]:
    """Who is archived takes no more work, nor helps."""
    for who in _going(fit):
        if who.archived:
            yield _of_one(fit, who, "technician_archived", _("archived, takes no more work"), {})


def absent(fit: Fit) -> Iterator[Reason]:
    """They, or a helper, are not there in all of the slot."""
    for who in _going(fit):
        one = next((a for a in who.absences if a.start < fit.end and a.end > fit.start), None)
        if one is None:
            continue
        figures = {"start": one.start, "end": one.end, "label": one.label}
        yield _of_one(fit, who, "technician_absent", _absent_words(fit, one), figures)


def overlap(fit: Fit) -> Iterator[Reason]:
    """They, or a helper, have another visit in the slot, and nobody said that it is on purpose."""
    if fit.allow_overlap:
        return
    for who in _going(fit):
        stop = next((stop for stop in who.near(fit.start, fit.end) if overlaps(stop, fit)), None)
        if stop is not None:
            words = _("would overlap %(number)s") % {"number": stop.name}
            yield _of_one(fit, who, "overlap", words, of_stop(stop))


# --- what warns ----------------------------------------------------------------------------------


def skill(fit: Fit) -> Iterator[Reason]:
    """They lack a skill that the type needs."""
    for needed, name in fit.job.skills.items():
        if needed not in fit.person.skills:
            words = _("needs the skill “%(skill)s”") % {"skill": name}
            yield Reason("skill", words, figures={"skill_id": needed, "skill": name})


def hours(fit: Fit) -> Iterator[Reason]:
    """Not within working hours; a lunch between them only for a job longer than either part."""
    if _within(windows(fit.person.hours, fit.end - fit.start, fit.zone), fit):
        return
    holiday = fit.person.holidays.get(day_of(fit.start, fit.zone))
    if holiday is not None:
        words = _("public holiday: %(name)s") % {"name": holiday}
        yield Reason("holiday", words, figures={"name": holiday})
        return
    spans = _of_day(fit.person.hours, fit)
    if not spans:
        yield Reason("hours", _("does not work that day"))
        return
    start, end = spans[0][0], spans[-1][1]
    figures = {"start": start, "end": end}
    if start <= fit.start and fit.end <= end:
        breaks = pairwise(spans)
        begin, finish = next(
            (before[1], after[0])
            for before, after in breaks
            if before[1] < fit.end and after[0] > fit.start
        )
        said = {"start": _clock(fit, begin), "end": _clock(fit, finish)}
        yield Reason("hours", _("break from %(start)s to %(end)s") % said, figures=figures)
    else:
        said = {"start": _clock(fit, start), "end": _clock(fit, end)}
        yield Reason("hours", _("works from %(start)s to %(end)s") % said, figures=figures)


def vehicle(fit: Fit) -> Iterator[Reason]:
    """Somebody else drives their vehicle in the slot."""
    for ride in fit.person.rides:
        if ride.start < fit.end and ride.end > fit.start:
            said = {"vehicle": ride.vehicle, "number": ride.name}
            words = _("vehicle %(vehicle)s is on %(number)s then") % said
            yield Reason("vehicle", words, figures={"vehicle": ride.vehicle} | of_stop(ride))
            return


def opening(fit: Fit) -> Iterator[Reason]:
    """The site is closed, or closes too soon."""
    if fit.job.open is None or _within(fit.job.open, fit):
        return
    spans = _of_day(fit.job.open, fit)
    if not spans:
        yield Reason("opening", _("the site is closed that day"))
        return
    said = {"hours": ", ".join(f"{_clock(fit, a)}–{_clock(fit, b)}" for a, b in spans)}
    yield Reason("opening", _("the site is open %(hours)s") % said)


def wish(fit: Fit) -> Iterator[Reason]:
    """Not when the customer would like it."""
    job, hour = fit.job, fit.start.astimezone(fit.zone).time()
    if job.wish_not_before is not None and fit.start < job.wish_not_before:
        said = {"time": _clock(fit, job.wish_not_before)}
        yield Reason("wish", _("wished not before %(time)s") % said)
    elif job.wish_due is not None and fit.end > job.wish_due:
        # A wish for a day ends at the midnight after it: the day is what people said.
        last = job.wish_due - timedelta(seconds=1)
        yield Reason("wish", _("wished by %(day)s") % {"day": day_words(day_of(last, fit.zone))})
    elif job.wish_from is not None and hour < job.wish_from:
        yield Reason("wish", _("wished from %(time)s on") % {"time": f"{job.wish_from:%H:%M}"})
    elif job.wish_to is not None and hour > job.wish_to:
        yield Reason("wish", _("wished until %(time)s") % {"time": f"{job.wish_to:%H:%M}"})


def promise(fit: Fit) -> Iterator[Reason]:
    """Outside what was promised to the customer."""
    begin, end = fit.job.promise_from, fit.job.promise_to
    if begin is None or end is None or begin <= fit.start <= end:
        return
    said = {"start": _clock(fit, begin), "end": f"{end.astimezone(fit.zone):%H:%M}"}
    words = _("arrival was promised for %(start)s–%(end)s") % said
    yield Reason("promise", words, figures={"start": begin, "end": end})


def pinned(fit: Fit) -> Iterator[Reason]:
    """Somebody has pinned it where it is."""
    if fit.job.pinned:
        yield Reason("pinned", _("the visit is pinned where it is"))


def target(fit: Fit) -> Iterator[Reason]:
    """After the response target."""
    if fit.job.target is not None and fit.start > fit.job.target:
        late = whole_minutes(fit.start - fit.job.target)
        said = {"late": late_words(fit.start - fit.job.target)}
        words = _("%(late)s after the response target") % said
        yield Reason("target", words, figures={"late_minutes": late})


IMPOSSIBLE: tuple[Rule, ...] = (begun, backwards, too_long, past, too_far)
HARD: tuple[Rule, ...] = (archived, absent, overlap)
FREE: tuple[Rule, ...] = (hours, travel_before, travel_after)  # with HARD: what slots.py keeps
WEIGHED: tuple[Rule, ...] = (skill, vehicle, opening, wish, promise, target, pinned)
RULES: tuple[Rule, ...] = (*HARD, *FREE, *WEIGHED)


def reasons(fit: Fit, rules: tuple[Rule, ...] = RULES) -> list[Reason]:
    """All that speaks against the slot, hard first; of one that nobody could take, only that."""
    impossible = [reason for rule in IMPOSSIBLE for reason in rule(fit)]
    return impossible or [reason for rule in rules for reason in rule(fit)]


def _absent_words(fit: Fit, one: Absence) -> str:
    """From when, else until when: an absence of whole days until its last day."""
    if one.start > fit.start:
        return _("absent from %(time)s") % {"time": _clock(fit, one.start)}
    last, day = last_day(one.end, fit.zone), day_of(fit.start, fit.zone)
    if last is None:
        return _("absent until %(time)s") % {"time": _clock(fit, one.end)}
    if last > day:
        return _("absent until %(time)s") % {"time": day_words(last)}
    if day_of(one.start, fit.zone) < day or _clock(fit, one.start) == "00:00":
        return _("absent all day")
    return _("absent from %(time)s") % {"time": _clock(fit, one.start)}


def _going(fit: Fit) -> list[Person]:
    return [fit.person, *fit.job.along(fit.person)]


def _of_one(fit: Fit, who: Person, code: str, words: str, figures: dict[str, Any]) -> Reason:
    """A hard reason of one of those who go: a helper's names them."""
    if who is fit.person:
        return Reason(code, words, hard=True, figures=figures)
    words = _("%(name)s, who helps: %(reason)s") % {"name": who.name, "reason": words}
    return Reason(code, words, hard=True, figures=figures | {"helper_id": who.id})


def _within(spans: "Iterator[Interval] | tuple[Interval, ...]", fit: Fit) -> bool:
    return any(start <= fit.start and fit.end <= end for start, end in spans)


def _of_day(spans: tuple[Interval, ...], fit: Fit) -> list[Interval]:
    """Those of the day on which the slot begins: that begin then, or go on into it."""
    day = day_of(fit.start, fit.zone)
    last = timedelta(microseconds=1)  # what ends at midnight is not of the next day
    return [
        (start, end)
        for start, end in spans
        if day_of(start, fit.zone) <= day <= day_of(end - last, fit.zone)
    ]


def _clock(fit: Fit, moment: datetime) -> str:
    """The hour by the company's clock, with its day where that is not the slot's."""
    return moment_words(moment, fit.zone, seen_from=day_of(fit.start, fit.zone))
