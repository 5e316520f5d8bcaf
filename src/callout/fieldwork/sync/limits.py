"""How much a phone may ask. Counted in each web process by itself: it is against a phone that
runs wild, not a promise to the number."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.errors import TooMany

A_MINUTE = 120  # a tap is two: what it sends, and what the office makes of it
MOST_REMEMBERED = 10_000
# A phone syncs and sends a file at once. All that one person's phones have under way leaves
# threads to others (a process has eight): syncs of one phone wait for each other.
AT_ONCE = 4
# Two weeks of work, sent again after a restore, are 30 MB.
BYTES_A_DAY = 200_000_000
DAY = 24 * 3600

_asked: dict[UUID | None, deque[float]] = {}
_under_way: Counter[UUID] = Counter()
_sent: dict[UUID, tuple[float, int]] = {}  # since when, how many bytes
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


def load_refused(user_id: UUID | None, size: int) -> None:
    """TooMany for who has sent as much within a day as no work makes: it is kept for long."""
    if user_id is None:
        return
    now = time.monotonic()
    with _lock:
        if len(_sent) > MOST_REMEMBERED:
            _sent.clear()
        since, sent = _sent.get(user_id, (now, 0))
        if since < now - DAY:
            since, sent = now, 0
        if sent + size > BYTES_A_DAY:
            raise TooMany(_("Too much was sent today. Try again tomorrow."))
        _sent[user_id] = since, sent + size


@contextmanager
def turn(user_id: UUID | None) -> Iterator[None]:
    """Within it, the user's phones do one thing more. TooMany for the fifth at once."""
    if user_id is None:
        yield
        return
    with _lock:
        if _under_way[user_id] >= AT_ONCE:
            raise TooMany(_("Too many requests at once. Wait a moment."))
        _under_way[user_id] += 1
    try:
        yield
    finally:
        with _lock:
            _under_way[user_id] -= 1
            if not _under_way[user_id]:
                del _under_way[user_id]


def forget() -> None:
    """Begin anew, in tests."""
    with _lock:
        _asked.clear()
        _sent.clear()
