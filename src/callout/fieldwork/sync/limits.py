"""How often a phone may ask. Counted in each web process by itself: it is against a phone that
runs wild, not a promise to the number."""

import threading
import time
from collections import deque
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.errors import TooMany

A_MINUTE = 120  # a tap is two: what it sends, and what the office makes of it
MOST_REMEMBERED = 10_000

_asked: dict[UUID | None, deque[float]] = {}
_lock = threading.Lock()


def hurry_refused(device_id: UUID | None) -> None:
    """TooMany for a phone that has asked 120 times within the last minute."""
    now = time.monotonic()
    with _lock:
        if len(_asked) > MOST_REMEMBERED:
            _asked.clear()
        times = _asked.setdefault(device_id, deque())
        while times and times[0] < now - 60:
            times.popleft()
        if len(times) >= A_MINUTE:
            raise TooMany(_("Too many requests. Wait a minute."))
        times.append(now)


def forget() -> None:
    """Begin anew, in tests."""
    with _lock:
        _asked.clear()
