"""Instances filled from their rows are those that the queryset would have made."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F, QuerySet, UUIDField, Value
from django.db.models.signals import post_init

from callout.accounts.models import ApiToken, User
from callout.kernel.models import JournalEntry
from callout.kernel.prepared import Given, Prepared

pytestmark = pytest.mark.django_db
ID = Given("id", UUIDField())


def user() -> User:
    return User.objects.create(email=f"{uuid4()}@example.com", name="One", is_active=True)


def alike(one: Any, other: Any) -> bool:
    """Whether all that two instances hold is the same, joined ones too."""

    def held(row: Any) -> dict[str, Any]:
        return {name: value for name, value in vars(row).items() if name != "_state"}

    def joined(row: Any) -> dict[str, Any]:
        return dict(vars(row._state).get("fields_cache", {}))

    states = [(row._state.adding, row._state.db) for row in (one, other)]
    if (
        held(one) != held(other)
        or states[0] != states[1]
        or joined(one).keys() != (joined(other).keys())
    ):
        return False
    return all(
        (mine is None and theirs is None) or alike(mine, theirs)
        for mine, theirs in ((joined(one)[name], joined(other)[name]) for name in joined(one))
    )  # fmt: skip


def same(make: Any, of: Any, **values: Any) -> None:
    """What is prepared gives what the queryset gives, of the same values."""
    prepared = Prepared(make).all(**values)
    asked = list(of)
    assert len(prepared) == len(asked) == 1
    assert alike(prepared[0], asked[0])


def test_with_joins_that_are_there_and_annotations() -> None:
    one = user()
    ApiToken.objects.create(user=one, name="a", hash="1", expires_at="2030-01-01T00:00Z")

    def rows(pk: Any) -> QuerySet[ApiToken]:
        found = ApiToken.objects.filter(user=pk).select_related("user")
        return found.annotate(owner=F("user__name"), seven=Value(7))

    same(lambda: rows(ID), rows(one.pk), id=one.pk)


def test_with_fields_that_are_put_off_and_still_come_when_they_are_asked_for() -> None:
    one = user()
    same(
        lambda: User.objects.filter(pk=ID).only("email"),
        User.objects.filter(pk=one.pk).only("email"),
        id=one.pk,
    )
    found = Prepared(lambda: User.objects.filter(pk=ID).only("email")).all(id=one.pk)[0]
    assert found.get_deferred_fields()
    assert found.name == "One"


def test_with_what_a_field_makes_of_its_column() -> None:
    entry = JournalEntry.objects.create(
        at="2030-01-01T00:00Z", door="api", entity="x", entity_id=uuid4(), kind="x",
        facts={"a": [1]},
    )  # fmt: skip

    def rows(pk: Any) -> QuerySet[JournalEntry]:
        return JournalEntry.objects.filter(entity_id=pk)

    same(lambda: rows(ID), rows(entry.entity_id), id=entry.entity_id)


def test_whoever_listens_for_instances_of_a_model_hears_of_these_too() -> None:
    one, heard = user(), []

    def hear(instance: User, **_signal: Any) -> None:
        heard.append(instance.name)

    post_init.connect(hear, sender=User)
    try:
        Prepared(lambda: User.objects.filter(pk=ID)).all(id=one.pk)
    finally:
        post_init.disconnect(hear, sender=User)
    assert heard == ["One"]


def test_a_row_that_was_read_is_saved_and_not_inserted() -> None:
    one = user()
    found = Prepared(lambda: User.objects.filter(pk=ID)).all(id=one.pk)[0]
    found.name = "Another"
    found.save()
    assert User.objects.get(pk=one.pk).name == "Another"
