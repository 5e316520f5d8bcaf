from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models
from pytest_django import DjangoAssertNumQueries

from callout.accounts import selectors, services
from callout.accounts.models import User
from callout.kernel.errors import NotSignedIn
from callout.kernel.prepared import Prepared
from tests.accounts.conftest import acting

pytestmark = pytest.mark.django_db
TECHNICIAN = uuid4()


@pytest.fixture
def everybody_is_a_technician(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """As workforce does it, with one technician for everybody."""
    found = models.Value(TECHNICIAN, output_field=models.UUIDField())
    monkeypatch.setattr(selectors, "_technician_of", lambda _column: found)
    # Made once for the process; here for this test.
    for name in ("_SIGNED_IN", "_LIVE_TOKEN"):
        monkeypatch.setattr(selectors, name, Prepared(getattr(selectors, name).make))
    return TECHNICIAN


def test_an_actor_has_the_rights_of_the_user_now(admin: User, manager: User) -> None:
    before = acting(manager)
    services.user_update(
        actor=acting(admin), user_id=manager.pk, is_technician=True, is_manager=False
    )
    after = acting(manager)
    assert (before.is_manager, before.is_technician) == (True, False)
    assert (after.is_manager, after.is_technician) == (False, True)


def test_nobody_and_who_is_deactivated_make_no_actor(admin: User, manager: User) -> None:
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    for user in (AnonymousUser(), None, User.objects.get(pk=manager.pk)):
        with pytest.raises(NotSignedIn):
            selectors.actor_for_user(user, "office")


def test_who_was_deactivated_since_the_row_was_read_makes_no_actor(
    admin: User, manager: User
) -> None:
    read_before = User.objects.get(pk=manager.pk)
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    with pytest.raises(NotSignedIn):
        selectors.actor_for_user(read_before, "office")


def test_the_technician_comes_with_the_one_query_that_reads_the_user(
    technician: User,
    everybody_is_a_technician: UUID,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        user = selectors.user_signed_in(technician.pk)
        actor = selectors.actor_for_user(user, "technician")
    assert actor.technician_id == everybody_is_a_technician


def test_the_technician_comes_with_the_one_query_that_reads_a_token(
    technician: User,
    everybody_is_a_technician: UUID,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    _token, plain = services.token_create(actor=acting(technician), name="phone")
    selectors.actor_for_token(plain)  # notes that it was used
    with django_assert_max_num_queries(1):
        actor = selectors.actor_for_token(plain)
    assert actor.technician_id == everybody_is_a_technician


def test_who_has_not_the_role_is_no_technician(
    manager: User, everybody_is_a_technician: UUID
) -> None:
    assert acting(manager).technician_id is None
