"""Many screens and a busy writer: every screen hears of everything, and soon."""

import selectors
import threading
import time
from collections.abc import Callable

import pytest

from callout.accounts.models import User
from tests.live.conftest import happen
from tests.live.streams import Reader

USERS, EACH, CHANGES = 20, 6, 1_000


def hear(streams: list[Reader], until: Callable[[], bool]) -> dict[int, list[tuple[float, str]]]:
    """What each stream says, and when, until `until`."""
    heard: dict[int, list[tuple[float, str]]] = {index: [] for index in range(len(streams))}
    with selectors.DefaultSelector() as ready:
        for index, stream in enumerate(streams):
            ready.register(stream.link, selectors.EVENT_READ, index)
        while not until():
            for key, _events in ready.select(0.05):
                stream = streams[key.data]
                stream._more(0.01)
                while (event := stream.next(0)) is not None:
                    told = "resync" if event.name == "resync" else event.hint()["id"]
                    heard[key.data].append((time.monotonic(), told))
    return heard


@pytest.mark.dear
@pytest.mark.race
def test_a_hundred_and_twenty_screens_hear_of_a_thousand_changes(
    people: Callable[..., User], opened: Callable[..., Reader]
) -> None:
    users = [people(f"user{number}") for number in range(USERS)]
    streams = [opened(user).ready() for user in users for _ in range(EACH)]
    when: dict[str, float] = {}

    def write() -> None:
        for _ in range(CHANGES):
            when[happen()] = time.monotonic()
            time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    end = time.monotonic() + 60
    over: list[float] = []

    def finished() -> bool:
        if not writer.is_alive() and not over:
            over.append(time.monotonic() + 2)
        return time.monotonic() > (over[0] if over else end)

    heard = hear(streams, finished)
    lags = []
    for told in heard.values():
        if "resync" not in [what for _when, what in told]:
            assert [what for _when, what in told] == list(when)
        lags += [at - when[what] for at, what in told if what in when]
    lags.sort()
    p95 = lags[int(len(lags) * 0.95)]
    assert len(lags) > len(streams) * CHANGES / 2
    assert p95 < 1.0, f"{len(lags)} hints, p50 {lags[len(lags) // 2]:.3f} s, p95 {p95:.3f} s"
