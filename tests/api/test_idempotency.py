"""A change sent again with its key does nothing twice, and gets the first answer."""

import pytest

from callout.accounts.models import User
from callout.accounts.services import token_create
from callout.customers.models import Customer
from callout.orders.models import TimelineEntry
from tests.api.conftest import Api, World


def test_the_repeat_gets_the_same_answer_and_does_nothing(world: World) -> None:
    first = world.boss.post("/customers", {"name": "Once"}, Idempotency_Key="a")
    again = world.boss.post("/customers", {"name": "Once"}, Idempotency_Key="a")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert (again.etag, again.headers["Location"]) == (first.etag, first.headers["Location"])
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Customer.objects.filter(name="Once").count() == 1


def test_another_key_is_another_change(world: World) -> None:
    for key in ("a", "b"):
        world.boss.post("/customers", {"name": "Twice"}, Idempotency_Key=key)
    assert Customer.objects.filter(name="Twice").count() == 2


def test_the_key_with_another_body_path_or_method_is_422(world: World) -> None:
    world.boss.post("/customers", {"name": "Once"}, Idempotency_Key="a")
    for answer in [
        world.boss.post("/customers", {"name": "Other"}, Idempotency_Key="a"),
        world.boss.post("/skills", {"name": "Once"}, Idempotency_Key="a"),
        world.boss.delete(f"/customers/{world.anna.customer}", Idempotency_Key="a"),
    ]:
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert not Customer.objects.filter(name="Other").exists()


def test_a_refusal_is_repeated_too(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/actions/resume"
    first = world.anna.api.post(path, Idempotency_Key="a")
    world.anna.api.post(f"/service-orders/{world.anna.order}/actions/depart")
    world.anna.api.post(f"/service-orders/{world.anna.order}/actions/break")
    again = world.anna.api.post(path, Idempotency_Key="a")
    assert (first.status, again.status) == (409, 409)
    assert again.body == first.body
    assert again.kind == "application/problem+json"


def test_an_action_tapped_twice_happens_once(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/actions/depart"
    for _tap in range(3):
        assert world.anna.api.post(path, Idempotency_Key="tap").status == 200
    assert TimelineEntry.objects.filter(order=world.anna.order, action="depart").count() == 1


def test_a_deletion_is_repeated_as_it_was(world: World) -> None:
    path = f"/attachments/{world.anna.attachment}"
    assert world.boss.delete(path, Idempotency_Key="d").status == 204
    again = world.boss.delete(path, Idempotency_Key="d")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (204, "true")
    assert world.boss.delete(path).status == 404


def test_the_key_is_its_users_whatever_the_token(world: World) -> None:
    _token, plain = token_create(actor=world.manager, name="another")
    first = world.boss.post("/customers", {"name": "Once"}, Idempotency_Key="a")
    again = Api(plain).post("/customers", {"name": "Once"}, Idempotency_Key="a")
    assert again.body == first.body
    assert world.anna.api.post(
        f"/service-orders/{world.anna.order}/notes", {"text": "x"}, Idempotency_Key="a"
    ).status == 201  # fmt: skip


def test_an_answer_is_not_given_to_who_may_not_have_it_any_more(world: World) -> None:
    body = {"name": "Once", "notes": "for the office"}
    world.boss.post("/customers", body, Idempotency_Key="a")
    User.objects.filter(name="Marie").update(is_manager=False, is_technician=True)
    answer = world.boss.post("/customers", body, Idempotency_Key="a")
    assert answer.status == 403
    assert "for the office" not in answer.text


def test_what_a_manager_was_told_is_not_told_again_to_the_technician_they_are_now(
    world: World,
) -> None:
    path, anna = f"/service-orders/{world.anna.order}/actions/depart", world.anna.api
    User.objects.filter(name="Anna").update(is_manager=True)
    told = anna.post(path, Idempotency_Key="a")
    assert "charge" in told.body, "a field for managers"
    User.objects.filter(name="Anna").update(is_manager=False)
    assert "charge" not in anna.get(f"/service-orders/{world.anna.order}").body
    again = anna.post(path, Idempotency_Key="a")
    assert (again.status, again.code) == (422, "idempotency_key_reused")


def test_a_technicians_answer_goes_with_the_work(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/notes"
    assert world.anna.api.post(path, {"text": "x"}, Idempotency_Key="a").status == 201
    world.boss.post(f"/service-orders/{world.anna.order}/actions/unplan")
    assert world.anna.api.post(path, {"text": "x"}, Idempotency_Key="a").status == 404


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "schlüssel", "a\tb"])
def test_a_key_of_another_form_is_422(world: World, key: str) -> None:
    answer = world.boss.post("/customers", {"name": "Never"}, Idempotency_Key=key)
    assert (answer.status, answer.fields()) == (422, {"Idempotency-Key"})
    assert not Customer.objects.filter(name="Never").exists()


def test_what_was_not_understood_does_not_use_the_key_up(world: World) -> None:
    assert world.boss.post("/customers", {"nam": "x"}, Idempotency_Key="a").status == 422
    assert world.boss.post("/customers", {"name": "x"}, Idempotency_Key="a").status == 201
