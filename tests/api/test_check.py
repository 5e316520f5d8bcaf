"""GET /planning/check."""

import pytest

from callout.accounts.zone import local
from callout.kernel import clock
from callout.workforce.models import Technician
from tests.api.conftest import World


def test_what_will_fail_is_told_with_what_mends_it(world: World) -> None:
    order = world.planned(hours=30)
    assert order.start
    Technician.objects.filter(pk=world.anna.technician.pk).update(archived_at=clock.now())
    day = local(order.start).date()
    answer = world.boss.get(f"/planning/check?day={day}")
    assert (answer.status, answer.body["day"]) == (200, str(day))
    first = answer.body["groups"][0]
    assert (first["kind"], first["hard"]) == ("technician_archived", True)
    assert first["count"] == len(first["items"])
    item = next(one for one in first["items"] if one["service_order"]["id"] == str(order.pk))
    assert (item["words"], item["mend"]) == ("archived, takes no more work", "replan")
    assert item["technician"]["id"] == str(world.anna.technician.pk)
    assert answer.body["count"] == sum(group["count"] for group in answer.body["groups"])


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_told_beside_its_field(world: World, day: str) -> None:
    answer = world.boss.get(f"/planning/check?day={day}")
    assert (answer.status, answer.fields()) == (422, {"day"})


def test_days_at_the_ends_of_time_are_no_error_of_ours(world: World) -> None:
    for day in ("1900-01-01", "2199-12-31"):
        assert world.boss.get(f"/planning/check?day={day}").status == 200


def test_a_technician_and_a_stranger_get_nothing_of_it(world: World) -> None:
    assert world.anna.api.get("/planning/check").status == 403
    assert world.nobody.get("/planning/check").status == 401
