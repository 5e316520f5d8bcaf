"""Six places for each user's streams, counted over all processes and machines.

A place is an advisory lock of the database, held by this process's connection: it needs no table
and no cleaning up, and it goes with the process however that ends.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress
from uuid import UUID

import psycopg

PER_USER = 6


class Slots:
    """The places that this process holds."""

    def __init__(self) -> None:
        self.link: psycopg.AsyncConnection | None = None  # the one that holds them
        self._held: defaultdict[UUID, set[int]] = defaultdict(set)
        self._one = asyncio.Lock()

    async def claim(self, user: UUID | None) -> int | None:
        """A free place of `user`, None if there is none. psycopg.Error without a connection."""
        if user is None:
            return None
        async with self._one:
            for slot in range(PER_USER):
                # The database would give this connection what it has already.
                if slot not in self._held[user] and await self._do("try_advisory_lock", user, slot):
                    self._held[user].add(slot)
                    return slot
        return None

    async def release(self, user: UUID | None, slot: int) -> None:
        """Give a place back. Without a connection it is free already."""
        if user is None or slot not in self._held[user]:
            return
        async with self._one:
            self._held[user].discard(slot)
            with suppress(psycopg.Error):  # the lock has gone with the connection
                await self._do("advisory_unlock", user, slot)

    def renew(self, link: psycopg.AsyncConnection) -> None:
        """Another connection: all places have to be claimed anew."""
        self.link = link
        self._held.clear()

    async def _do(self, what: str, user: UUID, slot: int) -> bool:
        if self.link is None:
            raise psycopg.OperationalError("the feed's connection is down")
        row = await self.link.execute(f"SELECT pg_{what}(%s)", [lock_of(user, slot)])
        return bool((await row.fetchone() or [False])[0])


def lock_of(user: UUID, slot: int) -> int:
    """The number of a lock: 60 random bits of the user's id, and the place."""
    return (user.int & (2**60 - 1)) << 3 | slot
