"""What is asked for many times in a request and changed once a year: kept per process."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")

TTL = 5.0  # seconds, until it is seen what another process changed


class Kept(Generic[T]):
    """What `read` answers, one for the whole process: at most TTL old, and dropped at once when
    this process changes it."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """It as it stands. Look at it; never change it."""
        kept = self._kept  # another thread may drop it at any moment
        if kept is None or time.monotonic() - kept[0] > TTL:
            kept = self._kept = (time.monotonic(), self._read())
        return kept[1]

    def keep(self, value: T) -> None:
        """It is this, as of now."""
        self._kept = (time.monotonic(), value)

    def forget(self) -> None:
        """Read it again at the next question."""
        self._kept = None

    def changed(self) -> None:
        """Said within the change. Somebody may ask between now and the commit, and would keep what
        was: forgotten twice."""
        self.forget()
        transaction.on_commit(self.forget)
