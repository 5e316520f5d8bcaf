"""A command as its handler is told of it, and which handler that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from callout.kernel.actor import Actor
from callout.orders.models import TimelineEntry, Visit


@dataclass(frozen=True, slots=True)
class Told:
    """One command of a phone, read and dated. `at` is its true time, never later than receipt;
    `said_at` what the phone's clock said, where that is another or may be."""

    id: UUID
    action: str
    body: Mapping[str, Any]
    at: datetime
    uncertain: bool
    seen: str
    device_id: UUID
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`same`: it was so already. `entry` is what the command made of the visit's time, if that."""

    same: bool = False
    entry: TimelineEntry | None = None


# What names no visit.
FreeHandler = Callable[[Actor, Told], Done]
# Runs inside the command's own change. Raises Invalid for what the body cannot be, Refused for what
# the state forbids, NotFound for what is not there; whatever else it raises is our fault (held).
Handler = Callable[[Actor, Visit, Told], Done]


@dataclass(frozen=True, slots=True)
class Rule:
    """How an action is carried out, and whether a helper on the visit may say it too."""

    handler: Handler
    helpers: bool


HANDLERS: dict[str, Rule] = {}
FREE: dict[str, FreeHandler] = {}


def handles(*actions: str, helpers: bool = False) -> Callable[[Handler], Handler]:
    """Say, once at import, that the function carries out these actions."""

    def put(handler: Handler) -> Handler:
        for action in actions:
            HANDLERS[action] = Rule(handler, helpers)
        return handler

    return put


def handles_free(action: str) -> Callable[[FreeHandler], FreeHandler]:
    """The same for an action that is about no visit."""

    def put(handler: FreeHandler) -> FreeHandler:
        FREE[action] = handler
        return handler

    return put
