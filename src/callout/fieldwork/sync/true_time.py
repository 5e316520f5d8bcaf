"""When something truly happened, of what a phone's clock said. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FRESH = 24 * 3600  # seconds for which a measure of the clock is good
APART = timedelta(minutes=2)  # by which the two may differ before we say that we do not know
OLDEST = timedelta(days=400)  # no phone keeps an entry for so long: its clock is wrong


@dataclass(frozen=True, slots=True)
class TrueTime:
    """The time settled on, and whether the phone's two measures of its clock disagree."""

    at: datetime
    uncertain: bool


def true_time(
    at: datetime | None,
    *,
    skew_ms: int | None,
    skew_age_s: int | None,
    offset_ms: int | None,
    received: datetime,
    not_before: datetime | None,
) -> TrueTime:
    """`at` by the phone's clock, put right.

    By its skew if that was measured within a day before the entry, else by the offset at sending.
    Never later than `received`, and never before `not_before`, the phone's previous entry. What
    lies years back says nothing, as no clock does.
    """
    fresh = skew_ms is not None and skew_age_s is not None and skew_age_s < FRESH
    by_skew, by_offset = _shifted(at, skew_ms), _shifted(at, offset_ms)
    found = (by_skew if fresh else by_offset) or by_offset
    if found is not None and found < received - OLDEST:
        found = None
    uncertain = found is None or (
        by_skew is not None and by_offset is not None and abs(by_skew - by_offset) > APART
    )
    settled = received if found is None else min(found, received)
    if not_before is not None:
        settled = max(settled, min(not_before, received))
    return TrueTime(settled, uncertain)


def said_at(at: datetime, settled: datetime, *, uncertain: bool) -> datetime | None:
    """What the phone's clock said, where a reader should know that too; else None."""
    return at if uncertain or abs(at - settled) > APART else None


def _shifted(at: datetime | None, ms: int | None) -> datetime | None:
    """None where there is nothing to shift (by), or no calendar goes so far."""
    if at is None or ms is None:
        return None
    try:
        return at + timedelta(milliseconds=ms)
    except OverflowError:
        return None
