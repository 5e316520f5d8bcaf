"""Saved filters through the API: own ones, those shared, and the star."""

from typing import Any

import pytest

from tests.api.conftest import Answer, Api, World, api_of
from tests.orders.conftest import actor_made

PLACE = "/saved-filters"


@pytest.fixture
def ria(world: World) -> Api:
    """Another manager."""
    return api_of(actor_made("Ria", technician=False))


def made(api: Api, name: str = "Urgent ones", **more: Any) -> Answer:
    answer = api.post(PLACE, {"name": name, "query": "stage=new&priority=urgent", **more})
    assert answer.status == 201, answer.text
    return answer


def test_one_is_made_read_renamed_and_removed(world: World) -> None:
    answer = made(world.boss, view="kanban", columns="slot,customer,nonsense")
    path = f"{PLACE}/{answer.body['id']}"
    assert answer.headers["Location"] == f"/api/v1{path}"
    body = world.boss.get(path).body
    assert (body["view"], body["query"], body["columns"]) == (
        "kanban", "stage=new&priority=urgent", "slot,customer",
    )  # fmt: skip
    assert (body["shared"], body["changeable"], body["starred"]) == (False, True, False)

    assert world.boss.patch(path, {"name": "x"}).status == 428
    renamed = world.boss.patch(path, {"name": "Mine"}, If_Match=answer.etag)
    assert (renamed.status, renamed.body["name"], renamed.body["query"]) == (
        200, "Mine", "stage=new&priority=urgent",
    )  # fmt: skip
    stale = world.boss.patch(path, {"name": "Too late"}, If_Match=answer.etag)
    assert (stale.status, stale.body["current"]["name"]) == (412, "Mine")
    assert world.boss.delete(path).status == 204
    assert world.boss.get(path).status == 404


def test_a_private_one_is_not_there_for_others_and_a_shared_one_is_theirs_to_look_at(
    world: World, ria: Api
) -> None:
    answer = made(world.boss)
    path = f"{PLACE}/{answer.body['id']}"
    assert ria.get(path).status == 404
    assert [ria.post(f"{path}/{what}").status for what in ("star", "unstar")] == [404, 404]
    world.boss.patch(path, {"shared": True}, If_Match=answer.etag)
    assert [one["name"] for one in ria.get(PLACE).items] == ["Urgent ones"]
    assert ria.get(path).body["changeable"] is False
    assert ria.patch(path, {"name": "Ours"}, If_Match='"2"').status == 404
    assert ria.delete(path).status == 404


def test_the_star_is_each_one_s_own(world: World, ria: Api) -> None:
    path = f"{PLACE}/{made(world.boss, shared=True).body['id']}"
    assert ria.post(f"{path}/star").body["starred"] is True
    assert world.boss.get(path).body["starred"] is False
    assert ria.post(f"{path}/unstar").body["starred"] is False


def test_what_cannot_be_is_refused_by_its_field(world: World) -> None:
    made(world.boss)
    for body, fields in (
        ({"name": "Urgent ones"}, {"name"}),
        ({"name": " "}, {"name"}),
        ({"name": "x", "view": "calendar"}, {"view"}),
        ({"name": "x", "query": "stage=gone"}, {"stage"}),
        ({"name": "x", "shared": "yes"}, {"shared"}),
    ):
        answer = world.boss.post(PLACE, body)
        assert (answer.status, answer.fields()) == (422, fields), answer.text


def test_the_same_request_twice_saves_one(world: World) -> None:
    first, again = (
        world.boss.post(PLACE, {"name": "Once"}, Idempotency_Key="one") for _ in range(2)
    )
    assert first.body == again.body


def test_a_technician_has_none(world: World) -> None:
    path = f"{PLACE}/{made(world.boss, shared=True).body['id']}"
    assert [world.anna.api.get(one).status for one in (PLACE, path)] == [403, 403]
