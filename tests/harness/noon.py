"""For tests on the true clock: none of them runs into midnight."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callout.accounts.models import Company
from tests.harness.database import NAME, TestDatabase, superuser

# One of them has it between nine and three; the clocks of all change twice a year.
ZONES = ["Europe/Brussels", "America/New_York", "America/Los_Angeles", "Australia/Sydney"]


def noon_zone() -> str:
    """Of these zones the one where it is nearest to eleven."""
    now = datetime.now(UTC)
    return min(ZONES, key=lambda one: abs(now.astimezone(ZoneInfo(one)).hour - 11))


@pytest.fixture(scope="package", autouse=True)
def by_day(django_db_setup: TestDatabase, django_db_blocker: Any) -> Iterator[None]:
    """The company lives where it is about noon: an hour ago is today, and so is the next one."""
    with django_db_blocker.unblock():
        Company.objects.create(time_zone=noon_zone())
    django_db_setup.keep()
    yield
    with superuser(NAME) as connection:
        connection.execute("DELETE FROM accounts_company")
    django_db_setup.keep()
