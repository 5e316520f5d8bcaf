"""Open screens do not keep the server from stopping."""

import time
from collections.abc import Callable

from callout.accounts.models import User
from tests.harness.server import Served, on_the_test_database
from tests.live.conftest import token_of
from tests.live.streams import Reader


def test_the_server_stops_quickly_with_streams_open(people: Callable[..., User]) -> None:
    served = Served(on_the_test_database()).wait_until_ready()
    try:
        head = {"Authorization": f"Bearer {token_of(people('mia'))}"}
        streams = [Reader(served.port, headers=head).ready() for _ in range(4)]
        start = time.monotonic()
        served.stop()
        assert time.monotonic() - start < 4  # uvicorn's own patience alone is 5
        for stream in streams:
            stream.wait_for_the_end(1)
            stream.close()
    finally:
        served.forget()
