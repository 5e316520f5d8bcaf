"""`callout serve` as an operator meets it."""

import pytest
from django.contrib.sessions.models import Session

from tests.harness.server import Served, get

pytestmark = pytest.mark.race


def test_it_serves_this_tests_database(server: Served) -> None:
    assert get(f"{server.url}/healthz")[0] == 200
    assert Session.objects.count() == 0
