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
    """A moment some hours from now, on the minute: from when the test began, so that it is the same
    when it is asked twice; from the clock where the test holds it or has moved it."""
    now = clock.now()
    if clock._frozen is None and _began and timedelta() <= now - _began < LONGEST:
        now = _began
    return (now + timedelta(hours=hours)).replace(second=0, microsecond=0)
