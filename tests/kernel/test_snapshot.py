"""What is read at one moment: nothing that comes meanwhile is in it."""

import pytest
from django.db import DatabaseError, connection

from callout.kernel.snapshot import at_one_moment
from callout.workforce.models import Skill

pytestmark = pytest.mark.django_db(transaction=True)
FAILS = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END $$"


def failing(code: str, times: list[int]) -> int:
    """What a reading raises whose plans were made before a migration, once."""
    times.append(1)
    if len(times) == 1:
        with connection.cursor() as cursor:
            cursor.execute(FAILS.format(code))
    return Skill.objects.count()


def test_nothing_can_be_written_in_it() -> None:
    with pytest.raises(DatabaseError, match="read-only"):
        at_one_moment(lambda: Skill.objects.create(name="Gas", name_sort="gas"))


def test_after_a_migration_all_is_read_once_again() -> None:
    times: list[int] = []
    assert at_one_moment(lambda: failing("0A000", times)) == 0
    assert len(times) == 2


def test_any_other_error_is_raised() -> None:
    times: list[int] = []
    with pytest.raises(DatabaseError, match="no"):
        at_one_moment(lambda: failing("22012", times))
    assert len(times) == 1
