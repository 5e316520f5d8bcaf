"""Queries made once: they answer what the queryset would, whoever asks, however often."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import CharField, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import ApiToken, User
from callout.kernel.prepared import Given, Prepared, pattern, statement_of, together

ID = Given("id", UUIDField())
NAME = Given("name", CharField())


def user(name: str) -> User:
    return User.objects.create(email=f"{uuid4()}@example.com", name=name, is_active=True)


def tokens() -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user").filter(user__name=NAME).order_by("name")


@pytest.mark.django_db
def test_it_gives_instances_with_their_joins_and_asks_one_statement() -> None:
    one = user("One")
    ApiToken.objects.create(user=one, name="b", hash="1", expires_at="2030-01-01T00:00Z")
    ApiToken.objects.create(user=one, name="a", hash="2", expires_at="2030-01-01T00:00Z")
    prepared = Prepared(tokens)
    with CaptureQueriesContext(connection) as run:
        found = prepared.all(name="One")
        assert [(token.name, token.user.name) for token in found] == [("a", "One"), ("b", "One")]
    assert len(run.captured_queries) == 1
    assert prepared.all(name="Nobody") == []
    assert prepared.first(name="Nobody") is None


@pytest.mark.django_db
def test_it_prefetches_and_gives_values_as_the_queryset_would() -> None:
    one = user("One")
    ApiToken.objects.create(user=one, name="a", hash="1", expires_at="2030-01-01T00:00Z")
    whole = Prepared(lambda: User.objects.filter(pk=ID).prefetch_related("tokens"))
    assert [token.name for token in whole.all(id=one.pk)[0].tokens.all()] == ["a"]
    named: Prepared[Any] = Prepared(
        lambda: User.objects.filter(pk=ID).values_list("name", "email", named=True)
    )
    assert named.all(id=one.pk)[0].name == "One"


@pytest.mark.django_db
@pytest.mark.parametrize("shape", [{}, {"named": True}, {"flat": True}])
def test_values_are_what_the_queryset_makes_of_them(shape: dict[str, bool]) -> None:
    user("One")
    user("Two")
    told = JSONObject(name="name", known=Value(True))  # what the database sends as a text
    columns = () if "flat" in shape else ("pk", "name")

    def rows() -> Any:
        return (
            User.objects.annotate(told=told)
            .order_by("-name")
            .values_list("told", *columns, **shape)
        )

    prepared: Prepared[Any] = Prepared(rows)
    found = prepared.all()
    assert found == list(rows()) == together(prepared.ask())[0]
    assert len(found) == 2
    if "named" in shape:
        assert [row.told["name"] for row in found] == ["Two", "One"]


@pytest.mark.django_db
def test_its_statement_is_made_once() -> None:
    one, two = user("One"), user("Two")
    made = 0

    def make() -> QuerySet[User]:
        nonlocal made
        made += 1
        return User.objects.filter(pk=ID)

    prepared = Prepared(make)
    assert prepared.first(id=one.pk) == one
    assert prepared.first(id=two.pk) == two
    assert made == 1


@pytest.mark.django_db
def test_a_value_that_is_missing_is_an_error_and_no_answer() -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: User.objects.filter(pk=ID)).all(other=1)


@pytest.mark.django_db
def test_what_can_find_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as run:
        assert Prepared(lambda: User.objects.none()).all() == []
    assert run.captured_queries == []
    assert statement_of(User.objects.none()) is None


@pytest.mark.django_db
def test_one_of_a_list_is_one_statement_for_lists_of_any_length() -> None:
    ids = [user(name).pk for name in ("One", "Two", "Three")]
    rows = User.objects.filter(pk__any=Given("ids", UUIDField())).order_by("name")
    prepared = Prepared(lambda: rows.values_list("name", flat=True))
    assert prepared.all(ids=ids) == ["One", "Three", "Two"]
    assert prepared.all(ids=ids[:1]) == ["One"]
    assert prepared.all(ids=[]) == []


@pytest.mark.django_db
def test_constants_stand_in_the_statement_and_values_do_not() -> None:
    made = statement_of(User.objects.filter(name="100%", language="nl", pk=ID))
    assert made is not None
    assert made.given == ("id",)
    assert "'nl'" in made.sql
    odd = user("100% 'sure")
    found = Prepared(lambda: User.objects.filter(name="100% 'sure", pk=ID))
    assert found.first(id=odd.pk) == odd


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["100%", "a_b", "back\\slash", "it's", "'; --", "%%s", "%(x)s"])
def test_a_text_is_found_as_it_is_written_and_has_no_wildcards(typed: str) -> None:
    here = user(f"before {typed} after")
    user("before 100x axb back-slash its after")
    prepared = Prepared(lambda: User.objects.filter(name__like=Given("text", TextField())))
    assert prepared.all(text=pattern(typed)) == [here]


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_get_their_own_answers() -> None:
    names = {user(f"User {number}").pk: f"User {number}" for number in range(8)}
    prepared = Prepared(lambda: User.objects.filter(pk=ID))

    def ask(pk: UUID) -> list[str]:
        try:
            return [found.name for _n in range(20) for found in prepared.all(id=pk)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(names, pool.map(ask, names), strict=True))
    assert answers == {pk: [name] * 20 for pk, name in names.items()}
