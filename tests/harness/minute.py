"""Moments that a test names, which stay what they are though a minute turns while it runs."""

from datetime import datetime, timedelta

from callout.kernel import clock

_began: datetime | None = None


def begin() -> None:
    """A test begins."""
    global _began
    _began = clock.now()


def soon(hours: float = 1) -> datetime:
    """A moment some hours from now, on the minute: from where the clock is held, else from when the
    test began. Asked twice it is the same."""
    now = clock._frozen or _began or clock.now()
    return (now + timedelta(hours=hours)).replace(second=0, microsecond=0)
