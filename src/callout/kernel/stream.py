"""One open screen, as the hub (hub.py) fills it and the endpoint empties it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from callout.kernel import feed
from callout.kernel.actor import Actor
from callout.kernel.feed import Cursor, FeedPage

PENDING = 500  # hints that wait for a slow reader; beyond it, it is told to load everything again
NO_PLACE = -1


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a stream is to send: hints, or that everything must be loaded again."""

    hints: list[bytes]
    cursor: Cursor
    resync: bool


@dataclass(eq=False, slots=True)
class Stream:
    """One open screen. Lives in the hub's event loop only.

    `verify` asks the database who holds the credentials now; `session` is the mark that the
    journal has for them, "" if there is none.
    """

    actor: Actor
    verify: Callable[[], Actor | None]
    session: str = ""
    slot: int = NO_PLACE
    begun: bool = False
    resumed: bool = False  # goes on from where the same screen was
    since: feed.Snapshot | None = None  # what was replayed, until the hub is past it
    cursor: Cursor | None = None
    pending: list[tuple[int, bytes]] = field(default_factory=list)
    lost: bool = False
    doubts: int = 0
    trusted: float = field(default_factory=time.monotonic)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, hints: list[tuple[int, bytes]], cursor: Cursor) -> None:
        """Queue what came; what a replay has sent already is left out."""
        if self.since:
            hints = [hint for hint in hints if not self.since.sees(hint[0])]
            if cursor.snapshot.covers(self.since):
                self.since = None
        if self.begun and self.since is None:
            self.cursor = cursor
        self.pending += hints
        if len(self.pending) > PENDING:
            self.lose()
        if hints:
            self.stirred.set()

    def lose(self) -> None:
        """Give up counting: the screen is told to load everything again."""
        self.pending.clear()
        self.lost = True
        self.stirred.set()

    def begin(self, page: FeedPage, hints: list[tuple[int, bytes]]) -> None:
        """Start with a replay of `page`; what the hub queued meanwhile and is in it, goes."""
        seen = page.next.snapshot
        self.pending = hints + [hint for hint in self.pending if not seen.sees(hint[0])]
        self.begun, self.since, self.cursor = True, seen, page.next
        self.lost = self.lost or page.resync
        self.stirred.set()

    def take(self) -> Delivery | None:
        """What there is to send now, if anything."""
        self.stirred.clear()
        if self.closed.is_set() or self.doubts or not (self.pending or self.lost):
            return None
        if not self.begun or self.cursor is None:
            return None
        hints = list(dict.fromkeys(hint for _xid, hint in self.pending))
        given = Delivery([] if self.lost else hints, self.cursor, self.lost)
        self.pending, self.lost = [], False
        return given

    def place(self) -> Cursor | None:
        """How far the screen is, if nothing waits for it."""
        return None if self.pending or self.lost else self.cursor
