"""How soon 300 open screens hear of a change: each is a stream of the server under measurement."""

import selectors
import time
from typing import TYPE_CHECKING, Any

from bench.client import Browser
from callout.accounts.models import User
from callout.accounts.services import token_create
from callout.kernel.actor import Actor
from tests.live.streams import Reader

if TYPE_CHECKING:
    from bench.measure import Doors

USERS, EACH = 50, 6  # nobody has a seventh
CHANGES = 50
PATIENCE = 10.0  # seconds


def screens_told(port: int, doors: "Doors", sample: Any) -> list[float]:
    """Milliseconds from sending a change to its hint on each screen, CHANGES x 300 of them.

    The change itself is in it: from the commit it is that much less. RuntimeError where a screen
    hears nothing.
    """
    screens = [screen for token in tokens() for screen in opened(port, token)]
    writer = Browser(port, doors.api.headers)
    place = f"/api/v1/service-orders/{sample.departing[0].pk}/actions/"
    found: list[float] = []
    for number in range(CHANGES):
        code = ("depart", "turn-back")[number % 2]
        sent = time.monotonic()
        writer.timed("POST", place + code, b"{}", Content_Type="application/json")
        found += [(at - sent) * 1_000 for at in heard(screens)]
    writer.close()
    for screen in screens:
        screen.link.close()
    return found


def tokens() -> list[str]:
    """Managers of their own, each with a token."""
    plain = []
    for number in range(USERS):
        user = User.objects.create(
            email=f"screen{number}@bench.example", name=f"Screen {number}", is_manager=True
        )
        actor = Actor(
            user_id=user.pk, name=user.name, is_manager=True, is_admin=True, door="office"
        )
        plain.append(token_create(actor=actor, name="screens")[1])
    return plain


def opened(port: int, token: str) -> list[Reader]:
    """The most streams that one may have."""
    return [Reader(port, {"Authorization": f"Bearer {token}"}).ready() for _ in range(EACH)]


def heard(screens: list[Reader]) -> list[float]:
    """When each of them got its hint; what else comes within a moment is of the same change."""
    moments: dict[int, float] = {}
    end = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as ready:
        for place, screen in enumerate(screens):
            ready.register(screen.link, selectors.EVENT_READ, place)
        while len(moments) < len(screens):
            if time.monotonic() > end:
                raise RuntimeError(f"{len(screens) - len(moments)} screens heard nothing")
            read(ready, screens, moments, 0.5)
        quiet = time.monotonic() + 0.3
        while time.monotonic() < quiet:
            read(ready, screens, {}, 0.05)
    return list(moments.values())


def read(
    ready: selectors.BaseSelector, screens: list[Reader], moments: dict[int, float], seconds: float
) -> None:
    """Whatever has come, and when the first of each came."""
    for key, _events in ready.select(seconds):
        screen = screens[key.data]
        screen._more(0.01)
        while screen.next(0) is not None:
            moments.setdefault(key.data, time.monotonic())
