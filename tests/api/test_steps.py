"""The steps of an order by API, and their times corrected."""

from datetime import timedelta
from typing import Any

import pytest

from callout.kernel import clock
from callout.orders.models import TimelineEntry
from tests.api.conftest import Share, World, queries

pytestmark = pytest.mark.usefixtures("at_noon")


def stepped(world: World, share: Share) -> list[dict[str, Any]]:
    """Departed forty minutes ago, arrived twenty ago."""
    for action, minutes in (("depart", 40), ("arrive", 20)):
        when = (clock.now() - timedelta(minutes=minutes)).isoformat()
        answer = share.api.post(
            f"/service-orders/{share.order}/actions/{action}", {"occurred_at": when}
        )
        assert answer.status == 200, answer.text
    return world.boss.get(f"/service-orders/{share.order}/timeline").items


def test_a_manager_and_whoever_answers_for_the_visit_read_its_steps(world: World) -> None:
    steps = stepped(world, world.anna)
    assert [(one["action"], one["status"], one["first_at"]) for one in steps] == [
        ("depart", "en_route", None),
        ("arrive", "on_site", None),
    ]
    assert world.anna.api.get(f"/service-orders/{world.anna.order}/timeline").items == steps
    assert world.bert.api.get(f"/service-orders/{world.anna.order}/timeline").status == 404


def test_a_corrected_step_keeps_its_first_value(world: World) -> None:
    steps = stepped(world, world.anna)
    at = (clock.now() - timedelta(minutes=10)).isoformat()
    place = f"/service-orders/{world.anna.order}/timeline"
    for api in (world.anna.api, world.boss):
        answer = api.post(f"{place}/{steps[1]['id']}/correct", {"at": at})
        assert answer.status == 200, answer.text
    now = world.boss.get(place).items[1]
    assert now["first_at"] == steps[1]["at"]
    assert now["at"] != steps[1]["at"]


def test_another_technicians_or_another_orders_step_is_not_there(world: World) -> None:
    steps = stepped(world, world.anna)
    body = {"at": (clock.now() - timedelta(minutes=10)).isoformat()}
    own = f"/service-orders/{world.bert.order}/timeline/{steps[1]['id']}/correct"
    anna = f"/service-orders/{world.anna.order}/timeline/{steps[1]['id']}/correct"
    missing = f"/service-orders/{world.anna.order}/timeline/0/correct"
    told = {world.bert.api.post(path, body).text for path in (own, anna, missing)}
    assert len(told) == 1
    assert world.boss.post(own, body).status == 404
    assert not TimelineEntry.objects.exclude(first_at=None).exists()


def test_what_is_in_the_way_has_a_code(world: World) -> None:
    steps = stepped(world, world.anna)
    place = f"/service-orders/{world.anna.order}/timeline/{steps[0]['id']}/correct"
    ago = {"at": (clock.now() - timedelta(minutes=5)).isoformat()}
    to_come = {"at": (clock.now() + timedelta(minutes=5)).isoformat()}
    assert world.boss.post(place, ago).code == "order_of_entries"
    assert world.boss.post(place, to_come).code == "invalid"
    assert world.boss.post(place, {"at": "2026-11-01T08:00:00"}).status == 422


def test_a_long_timeline_costs_no_more(world: World) -> None:
    stepped(world, world.anna)
    place = f"/service-orders/{world.anna.order}/timeline"
    with queries() as few:
        world.boss.get(place)
    for _ in range(5):
        for action in ("break", "resume"):
            world.boss.post(f"/service-orders/{world.anna.order}/actions/{action}", {})
    with queries() as many:
        assert len(world.boss.get(place).items) > 10
    assert len(many) == len(few)
