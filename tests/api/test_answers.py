"""GET /planning/answers and /planning/answers/{technician_id}: asked while an order is dragged."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from callout.accounts.zone import local
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, Visit
from callout.web.api.answers import AnswerList, AnswerSpans
from tests.api.conftest import OURS, World, soon

ANSWERS = "/planning/answers"


def asked(order: Any, who: Any = None, **more: Any) -> str:
    """The address that asks about today and tomorrow."""
    values = {"service_order_id": order, "first": f"{local(soon()):%Y-%m-%d}", "days": 2, **more}
    query = "&".join(f"{name}={value}" for name, value in values.items())
    return f"{ANSWERS}/{who}?{query}" if who else f"{ANSWERS}?{query}"


def test_managers_ask_and_nobody_else_and_nothing_is_written(world: World) -> None:
    order, before = world.order(), JournalEntry.objects.count() + 1
    for path in (asked(order.pk), asked(order.pk, world.anna.technician.pk)):
        for api, status in ((world.boss, 200), (world.anna.api, 403), (world.nobody, 401)):
            assert api.get(path, Origin=OURS).status == status
    assert JournalEntry.objects.count() <= before


def test_every_row_answers_as_the_description_says(world: World) -> None:
    answer = world.boss.get(asked(world.order().pk))
    shown = AnswerList.model_validate(answer.body)
    assert shown.model_dump(mode="json").keys() == answer.body.keys()
    assert shown.rows[0].model_dump(mode="json").keys() == answer.body["rows"][0].keys()
    assert answer.body["duration_minutes"] == 60
    names = {world.anna.technician.pk, world.bert.technician.pk}
    assert {row.technician_id for row in shown.rows} == names
    for row in answer.body["rows"]:
        start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
        assert (row["fit"], row["code"]) == ("fits", "")
        assert end - start == timedelta(minutes=60)
        assert row["start"].endswith("Z")


def test_the_quarters_of_a_row_cover_the_range_without_a_gap(world: World) -> None:
    answer = world.boss.get(asked(world.order().pk, world.anna.technician.pk))
    spans = answer.body["spans"]
    shown = AnswerSpans.model_validate(answer.body)
    assert shown.model_dump(mode="json", by_alias=True)["spans"][0].keys() == spans[0].keys()
    for one, following in pairwise(spans):
        assert one["until"] == following["from"]
    visit = Visit.objects.get(pk=world.anna.visit)
    taken = [
        one
        for one in spans
        if datetime.fromisoformat(one["from"]) <= visit.start < datetime.fromisoformat(one["until"])
    ]
    assert [(one["fit"], one["hard"], one["code"]) for one in taken] == [("no", True, "overlap")]


def test_a_visit_that_moves_is_asked_about_with_its_own_length(world: World) -> None:
    order = ServiceOrder.objects.get(pk=world.anna.order)
    assert world.boss.get(asked(order.pk)).body["duration_minutes"] == 60
    stretched = world.boss.get(asked(order.pk, duration_minutes=150, visit_id=order.visit_id))
    assert stretched.body["duration_minutes"] == 150
    spans = world.boss.get(asked(order.pk, world.anna.technician.pk)).body["spans"]
    assert "overlap" not in {one["code"] for one in spans}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": 0}, "days"), ({"days": 8}, "days"), ({"first": "yesterday"}, "first"),
        ({"first": "9999-12-31"}, "first"), ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 2400}, "duration_minutes"), ({"visit_id": "x"}, "visit_id"),
        ({"service_order_id": "%27"}, "service_order_id"),
    ],
)  # fmt: skip
def test_nonsense_is_told_beside_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    for who in (None, world.anna.technician.pk):
        answer = world.boss.get(asked(world.anna.order, who, **wrong))
        assert (answer.status, answer.fields()) == (422, {field})


def test_what_is_not_there_is_404(world: World) -> None:
    missing = world.kind.pk
    assert world.boss.get(asked(missing)).status == 404
    assert world.boss.get(asked(world.anna.order, visit_id=world.bert.visit)).status == 404
    assert world.boss.get(asked(world.anna.order, missing)).status == 404
