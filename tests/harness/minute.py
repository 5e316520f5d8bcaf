"""Moments that a test names, which stay what they are though a minute turns while it runs."""

from datetime import datetime, timedelta

from callout.kernel import clock

LONGEST = timedelta(minutes=20)  # that a test lasts: a clock further on is one that it has moved

_began: datetime | None = None


def begin() -> None:
    """A test begins."""
    global _began
    _began = clock.now()


def soon(hours: float = 1) -> datetime:
    """A moment some hours from now, on the minute: from where the test holds or has moved the clock,
    else from when it began. Asked twice it is the same."""
    now = clock.now()
    if clock._frozen is None and _began and timedelta() <= now - _began < LONGEST:
        now = _began
    return (now + timedelta(hours=hours)).replace(second=0, microsecond=0)
