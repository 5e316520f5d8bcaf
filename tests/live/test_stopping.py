"""Open screens do not keep the server from stopping."""

from collections.abc import Callable

import pytest

from callout.accounts.models import User
from tests.harness.server import Served, on_the_test_database
from tests.live.conftest import token_of
from tests.live.streams import Reader

pytestmark = pytest.mark.wide


def test_streams_end_in_good_order_when_the_server_stops(people: Callable[..., User]) -> None:
    served = Served(on_the_test_database()).wait_until_ready()
    try:
        head = {"Authorization": f"Bearer {token_of(people('mia'))}"}
        streams = [Reader(served.port, headers=head).ready() for _ in range(4)]
        served.stop()
        for stream in streams:
            stream.wait_for_the_end(1)
            assert stream.finished  # told at once, and not cut off after uvicorn's five seconds
            stream.close()
    finally:
        served.forget()
