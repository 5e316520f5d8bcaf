"""When a visit may begin: what its site, its customer's wish and what was promised leave. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Interval, Job


@dataclass(frozen=True, slots=True)
class Windows:
    """Starts that are allowed, both ends too; or none, and the `code` of what leaves none."""

    spans: tuple[Interval, ...]
    code: str = ""


def windows_of(
    job: Job,
    days: Sequence[Interval],
    *,
    zone: ZoneInfo,
    now: datetime,
    held_at: datetime | None,
    relax_wishes: bool,
    late: bool = False,
) -> Windows:
    """The starts on these days (from midnight to midnight), never before now.

    Of a visit that stands somewhere already (`held_at`) a rule counts only where that is within
    it and leaves something: what was decided against it, or is too late for it, is not mended here.
    But a promise goes on to count from the one side where it is missed on the other: `late` says
    that its end cannot be kept.
    """
    spans = tuple((max(begin, now), end) for begin, end in days if end >= now)
    for code, allowed in _rules(job, days, zone, relax_wishes):
        if code == "promise" and held_at is not None:
            ((begin, end),) = allowed
            last = max(spans[-1][1], end) if spans and late else end
            spans = _both(spans, [(min(begin, held_at), last)]) or spans
            continue
        left = _both(spans, allowed)
        if held_at is not None:
            if left and any(begin <= held_at <= end for begin, end in allowed):
                spans = left
        elif not left:
            return Windows((), code)
        else:
            spans = left
    return Windows(spans, "" if spans else "day_over")


def promise_missed(job: Job, *, held_at: datetime, now: datetime) -> bool:
    """Whether the end of what was promised is behind us, or behind where the visit stands."""
    return job.promise_to is not None and job.promise_to < max(held_at, now)


def _rules(
    job: Job, days: Sequence[Interval], zone: ZoneInfo, relax_wishes: bool
) -> Iterator[tuple[str, list[Interval]]]:
    """What counts most first."""
    first, last = days[0][0], days[-1][1]
    if job.promise_from is not None and job.promise_to is not None:
        yield "promise", [(job.promise_from, job.promise_to)]
    if job.open is not None:
        yield (
            "never_open",
            [(begin, end - job.duration) for begin, end in job.open if end - job.duration >= begin],
        )
    if relax_wishes:
        return
    if job.wish_not_before is not None:
        yield "wish", [(job.wish_not_before, max(last, job.wish_not_before))]
    if job.wish_due is not None and first <= job.wish_due - job.duration:
        yield "wish", [(first, job.wish_due - job.duration)]
    elif job.wish_due is not None:
        yield "wish", []
    if job.wish_from is not None or job.wish_to is not None:
        yield (
            "wish",
            [
                (
                    _at(begin, job.wish_from or time(), zone),
                    _at(begin, job.wish_to or time(23, 59), zone),
                )
                for begin, _end in days
            ],
        )


def _at(midnight: datetime, hour: time, zone: ZoneInfo) -> datetime:
    day = midnight.astimezone(zone).date()
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def _both(some: Sequence[Interval], others: Sequence[Interval]) -> tuple[Interval, ...]:
    found = [(max(a, c), min(b, d)) for a, b in some for c, d in others if max(a, c) <= min(b, d)]
    return tuple(sorted(found))
