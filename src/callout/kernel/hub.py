"""The live hub: one per process. Reads the feed once and hands each open stream its hints.

A hint says that something changed ("order so-and-so, departed"), never what it is now: whoever gets
it asks again, by the doors that check rights. The hub knows no rooms; what an entry means for the
rights of a stream is told by the `Rules` it is made with.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils.translation import gettext as _

from callout.kernel import feed
from callout.kernel.actor import Actor
from callout.kernel.errors import NotSignedIn, TooMany, Unavailable
from callout.kernel.feed import Cursor, FeedEntry, FeedPage
from callout.kernel.links import connect
from callout.kernel.slots import Slots
from callout.kernel.stream import NO_PLACE, Stream
from callout.kernel.wake import CHANNEL

POLL = 0.5  # seconds: how late a hint may come when its wake-up was lost
GAP = 0.05  # between two readings: a burst of changes becomes few pages
TRUST = 30.0  # seconds until a stream's rights are asked again though no entry spoke of them
STREAMS = 2_000  # of one process
PATIENCE = 5.0  # seconds that a new stream waits for the database

log = logging.getLogger(__name__)
T = TypeVar("T")


class Rules(Protocol):
    """What journal entries mean for streams; the rooms know, the hub does not."""

    entities: frozenset[str]  # those whose entries may concern rights; no others are judged

    def private(self, entry: FeedEntry) -> bool:
        """Only admins are hinted at it."""

    def ends(self, entry: FeedEntry, stream: Stream) -> bool:
        """It takes away what the stream was opened with."""

    def touches(self, entry: FeedEntry, stream: Stream) -> bool:
        """It may have changed the rights of the stream's user: ask again before another hint."""


class Hub:
    """All streams of this process. Made and used within one event loop."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.streams: set[Stream] = set()
        self.slots = Slots()
        self.position: Cursor | None = None
        self._placed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()
        # Signing in must not wait for the site's threads, nor the site for streams that open.
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="live")

    async def ask(self, function: Callable[..., T], *args: Any) -> T:
        """Run what blocks on the database in the hub's own small pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _with_fresh_connection, function, *args)

    async def open(self, stream: Stream, last: str | None) -> None:
        """Admit `stream`; `last` is the cursor it had before, None at its first time.

        TooMany for the seventh of a user, in whatever process the others are; Unavailable while
        the feed cannot be read.
        """
        self._start()
        if len(self.streams) >= STREAMS:
            raise Unavailable(_("Too many screens are open here. Try again in a moment."))
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._admitted(stream):
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise Unavailable(_("The database does not answer. Try again in a moment.")) from error
        try:
            actor, page = await self.ask(_looked_again, stream.verify, last)
        except DatabaseError as error:
            await self.close(stream)
            raise Unavailable(_("The database does not answer. Try again in a moment.")) from error
        except BaseException:
            await self.close(stream)
            raise
        if actor is None:
            await self.close(stream)
            raise NotSignedIn
        stream.actor = actor
        stream.resumed = last is not None and not page.resync
        hints = [(e.xid, hint_of(e)) for e in page.entries if self._may_see(actor, e)]
        stream.begin(page, hints)

    async def _admitted(self, stream: Stream) -> bool:
        """False while the hub's connection is down; it is being made again."""
        await self._placed.wait()
        try:
            slot = await self.slots.claim(stream.actor.user_id)
        except psycopg.Error:
            return False
        if slot is None:
            raise TooMany(_("You have six screens open already. Close one, then try again."))
        stream.slot = slot
        self.streams.add(stream)
        return True

    async def close(self, stream: Stream) -> None:
        """End it: nothing more is sent. Its place is free for another."""
        stream.closed.set()
        stream.stirred.set()
        if stream in self.streams:
            self.streams.discard(stream)
            await self.slots.release(stream.actor.user_id, stream.slot)

    def close_all(self) -> None:
        """The server stops: streams would keep it waiting."""
        for stream in list(self.streams):
            self._errand(self.close(stream))

    # --- reading the feed ----------------------------------------------------------------------

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="live-hub")
            self._task.add_done_callback(self._stopped)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        """A mistake of ours: say it, and send the streams away to come again."""
        if not task.cancelled() and task.exception():
            log.error("the live hub has stopped", exc_info=task.exception())
        self.close_all()

    async def _run(self) -> None:
        """Read for ever; after a lost connection go on from the last position."""
        wait = 0.1
        while True:
            started = time.monotonic()
            try:
                async with await connect() as ears, await connect() as eyes:
                    await ears.execute(f"LISTEN {CHANNEL}")
                    await self._reclaim(eyes)
                    await self._follow(ears, eyes)
            except (psycopg.Error, OSError) as error:
                log.warning("the feed cannot be read: %s", error)
            self._placed.clear()
            steady = time.monotonic() - started > 10
            wait = 0.1 if steady else min(wait * 2, 2.0)
            await asyncio.sleep(wait)

    async def _follow(self, ears: psycopg.AsyncConnection, eyes: psycopg.AsyncConnection) -> None:
        while True:
            since = self.position
            cursor = await eyes.execute(feed.READ, feed.parameters(since))
            page = feed.page_of(await cursor.fetchall(), since)
            self.position = page.next
            if since is not None:
                self._spread(page)
            self._placed.set()
            self._doubt_the_old()
            await asyncio.sleep(GAP)
            async for _notice in ears.notifies(timeout=POLL, stop_after=1):
                pass

    async def _reclaim(self, link: psycopg.AsyncConnection) -> None:
        """Places were held by the connection that is gone. Who finds none has to leave."""
        self.slots.renew(link)
        for stream in list(self.streams):
            slot = await self.slots.claim(stream.actor.user_id)
            stream.slot = NO_PLACE if slot is None else slot
            if slot is None:
                await self.close(stream)

    def _spread(self, page: FeedPage) -> None:
        if page.resync:
            for stream in self.streams:
                stream.lose()
                self._doubt(stream)  # whatever took rights away is among what was not read
            return
        if not page.entries:
            return
        self._judge(page.entries)
        everything, office, own = self._sorted(page.entries)
        for stream in self.streams:
            if stream.actor.is_admin:
                stream.add(everything, page.next)
            elif stream.actor.is_manager:
                stream.add(office, page.next)
            else:
                stream.add(own.get(str(stream.actor.technician_id), []), page.next)

    def _sorted(
        self, entries: Iterable[FeedEntry]
    ) -> tuple[
        list[tuple[int, bytes]], list[tuple[int, bytes]], dict[str, list[tuple[int, bytes]]]
    ]:
        """Once for all streams: hints for admins, for managers, for each technician."""
        everything, office = [], []
        own: defaultdict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for entry in entries:
            hint = (entry.xid, hint_of(entry))
            everything.append(hint)
            if not self.rules.private(entry):
                office.append(hint)
                for technician in entry.audience:
                    own[technician].append(hint)
        return everything, office, own

    def _may_see(self, actor: Actor, entry: FeedEntry) -> bool:
        if actor.is_admin or self.rules.private(entry):
            return actor.is_admin
        return actor.is_manager or str(actor.technician_id) in entry.audience

    # --- rights --------------------------------------------------------------------------------

    def _judge(self, entries: Iterable[FeedEntry]) -> None:
        """Before any hint of the page goes out: whom does it send away, whom put in doubt?"""
        for entry in entries:
            for stream in list(self.streams) if entry.entity in self.rules.entities else ():
                if self.rules.ends(entry, stream):
                    stream.closed.set()  # at once; the rest can wait its turn
                    self._errand(self.close(stream))
                elif self.rules.touches(entry, stream):
                    self._doubt(stream)

    def _doubt_the_old(self) -> None:
        now = time.monotonic()
        for stream in [s for s in self.streams if now - s.trusted > TRUST][:20]:
            stream.trusted = now
            self._errand(self._recheck(stream))

    def _doubt(self, stream: Stream) -> None:
        """Send nothing more until the rights are known."""
        stream.doubts += 1
        self._errand(self._recheck(stream, held=True))

    async def _recheck(self, stream: Stream, held: bool = False) -> None:
        try:
            actor = await self.ask(stream.verify)
        except DatabaseError:
            actor = None if held else stream.actor  # in doubt no hints; else the next time tells
        if actor is None:
            await self.close(stream)
            return
        if _rights(actor) != _rights(stream.actor):
            stream.lose()
        stream.actor, stream.trusted = actor, time.monotonic()
        if held:
            stream.doubts -= 1
            stream.stirred.set()

    def _errand(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


def _looked_again(
    verify: Callable[[], Actor | None], last: str | None
) -> tuple[Actor | None, FeedPage]:
    """The rights of a stream that the hub knows by now, and what it missed.

    A revocation read by the hub before it knew the stream is seen here; a later one is judged.
    """
    page = feed.feed_read(last or "")
    return verify(), page if last is not None else FeedPage((), page.next)


def hint_of(entry: FeedEntry) -> bytes:
    """The hint's data: which thing, and what happened to it."""
    told = {"kind": entry.entity, "id": str(entry.entity_id), "entry": entry.kind}
    return json.dumps(told, separators=(",", ":")).encode()


def _rights(actor: Actor) -> tuple[object, ...]:
    return actor.is_admin, actor.is_manager, actor.technician_id


def _with_fresh_connection(function: Callable[..., T], *args: Any) -> T:
    """These threads see no requests, so nothing else replaces a connection that broke."""
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()
