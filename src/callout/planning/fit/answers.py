"""What every row of the board answers when an order is picked up: fits, asks, or no. Pure.

The words are those of the rules, or say what the search has found; there is no other list here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from callout.planning.fit.cost import Cost, Option, cost
from callout.planning.fit.person import Interval, Job, Person, day_of, windows
from callout.planning.fit.question import Question
from callout.planning.fit.reach import away_from_here, drive
from callout.planning.fit.reason import Reason
from callout.planning.fit.rules import absent, begun, hours, reasons, skill
from callout.planning.fit.slots import STEP, Search, quarter
from callout.planning.fit.suggest import best_of
from callout.planning.fit.words import length_words, moment_words

Verdict = Literal["fits", "asks", "no"]
# Of several that ask, the first is said: what was told to the customer, then what cannot be done
# at all without more, then what is only unwelcome.
HEAVIEST = (
    "promise", "skill", "pinned", "vehicle", "opening", "holiday", "hours", "target",
    "travel_before", "travel_after", "wish",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A row's answer, with its best slot where there is one."""

    person: Person
    fit: Verdict
    words: str
    code: str = ""
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The same answer for each start from `start`, until `until`."""

    start: datetime
    until: datetime
    fit: Verdict
    hard: bool
    words: str
    code: str
    travel: int | None


def answers(question: Question, until: datetime) -> list[Answer]:
    """The answer of each, for slots that begin from `question.not_before` on and before `until`."""
    return [_answer(question, person, until) for person in question.people]


def _answer(question: Question, person: Person, until: datetime) -> Answer:
    lasting = next(_lasting(question, person), None)
    if lasting is not None:
        return Answer(person, "no", lasting.words, lasting.code)
    one = _best(question, person, until)
    if one is None:
        return _none(question, person, until)
    heaviest = weightiest(one.reasons)
    if heaviest is not None:
        return Answer(person, "asks", heaviest.words, heaviest.code, one)
    return Answer(person, "fits", travel_words(one.cost), "", one)


def _lasting(question: Question, person: Person) -> Iterator[Reason]:
    """What no other hour would help against."""
    start = quarter(question.not_before)
    fit = question.fit(person, start, start + question.job.duration)
    yield from begun(fit)
    yield from skill(fit)


def _best(question: Question, person: Person, until: datetime) -> Option | None:
    """The best free slot as wished, else whenever it is free."""
    search = _within(question, question.job, person, until)
    found = best_of(search, question.now, until)
    if found is not None:
        return found
    job = question.job
    unwished = replace(job, wish_not_before=None, wish_from=None, wish_to=None)
    if unwished == job:
        return None
    other = best_of(_within(question, unwished, person, until), question.now, until)
    if other is None:
        return None
    fit = replace(other.fit, job=job)
    return Option(fit, reasons(fit), cost(fit))


def _within(question: Question, job: Job, person: Person, until: datetime) -> Search:
    """The search, of no hours but those that begin in the range."""
    person = replace(person, hours=_before(person.hours, until))
    if job.open is not None:
        job = replace(job, open=_before(job.open, until))
    return Search.of(person, job, not_before=question.not_before, zone=question.zone)


def _before(spans: tuple[Interval, ...], until: datetime) -> tuple[Interval, ...]:
    return tuple(span for span in spans if span[0] < until)


def _none(question: Question, person: Person, until: datetime) -> Answer:
    """Why nothing is free: not at work, not there, or what there is in between is too short."""
    worked = _worked(question, person, until)
    start = worked[0][0] if worked else question.not_before
    fit = question.fit(person, start, start + STEP)
    if not worked:
        found = next(hours(fit), None)
        if found is None or "start" in found.figures:
            return Answer(person, "no", _("no more working hours"), "hours")
        return Answer(person, "no", found.words, found.code)
    away = next(absent(fit), None)
    left = list(_gaps(worked, _away(question.job, person)))
    if away is not None and not left:
        return Answer(person, "no", away.words, away.code)
    longest = max(
        (end - begin for begin, end in _gaps(left, _taken(question.job, person))),
        default=timedelta(),
    )
    if longest >= STEP:
        words = _("free for %(length)s only") % {"length": length_words(longest)}
        return Answer(person, "no", words, "no_gap")
    today = day_of(question.not_before, question.zone)
    clock = moment_words(worked[-1][1], question.zone, seen_from=today)
    return Answer(person, "no", _("no gap before %(time)s") % {"time": clock}, "no_gap")


def _worked(question: Question, person: Person, until: datetime) -> list[Interval]:
    """The windows of the range in which a job of this length may lie, from now on."""
    spans = windows(_before(person.hours, until), question.job.duration, question.zone)
    begin = question.not_before
    return [(max(start, begin), end) for start, end in spans if end > begin]


def _away(job: Job, person: Person) -> list[Interval]:
    going = [person, *job.along(person)]
    return [(one.start, one.end) for who in going for one in who.absences]


def _taken(job: Job, person: Person) -> list[Interval]:
    """The visits, and the drives between them and the job; the drive from where they are now."""
    own = [
        (stop.start - (away := drive(stop.place, job.place)), stop.until + away)
        for stop in person.stops
    ]
    if person.idle is not None:
        own.append((person.idle.moment, person.idle.moment + away_from_here(person, job)))
    return own + [(stop.start, stop.end) for who in job.along(person) for stop in who.stops]


def _gaps(spans: Iterable[Interval], taken: Iterable[Interval]) -> Iterator[Interval]:
    """What is left of the spans."""
    blocks = sorted(taken)
    for start, end in spans:
        for begin, finish in blocks:
            if begin >= end:
                break
            if begin > start:
                yield start, begin
            start = max(start, finish)
        if start < end:
            yield start, end


def spans(question: Question, person: Person, start: datetime, until: datetime) -> list[Span]:
    """What the rules say of each quarter of an hour from `start` as a start, equal ones in one."""
    found: list[Span] = []
    while start < until:
        span = _span(question, person, start)
        if found and _same(found[-1], span):
            found[-1] = replace(found[-1], until=span.until)
        else:
            found.append(span)
        start += STEP
    return found


def _span(question: Question, person: Person, start: datetime) -> Span:
    fit = question.fit(person, start, start + question.job.duration)
    against = reasons(fit)
    said = weightiest(against)
    price = cost(fit)
    return Span(
        start=start,
        until=start + STEP,
        fit=verdict(against),
        hard=any(one.hard for one in against),
        words=said.words if said else travel_words(price),
        code=said.code if said else "",
        travel=price.leg.minutes if price.leg else None,
    )


def _same(one: Span, other: Span) -> bool:
    return replace(other, start=one.start, until=one.until) == one


def verdict(against: Sequence[Reason]) -> Verdict:
    """What a drop does: is refused for a hard reason, asks for another, is simply done."""
    if any(one.hard for one in against):
        return "no"
    return "asks" if against else "fits"


def weightiest(against: Sequence[Reason]) -> Reason | None:
    """The one that is said of several: the first hard one, else the heaviest."""
    hard = next((one for one in against if one.hard), None)
    return hard or min(against, key=lambda one: HEAVIEST.index(one.code), default=None)


def travel_words(price: Cost) -> str:
    """The drive there."""
    if price.leg is None:
        return _("free at that time")
    return _("%(count)d min travel") % {"count": price.leg.minutes}


def late_minutes(price: Cost) -> int | None:
    """How long after the response target; 0 in time, None where there is no target."""
    if price.to_target is None:
        return None
    return max(0, -(price.to_target // timedelta(minutes=1)))
