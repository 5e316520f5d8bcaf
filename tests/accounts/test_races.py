"""Two at the same moment, in threads of their own with connections of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, models

from callout.accounts import services
from callout.accounts.models import User
from callout.accounts.services import users as user_services
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Refused
from tests.accounts.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def together(*calls: Callable[[], object]) -> list[object]:
    """Run all at once; what each gave, or what it was refused with."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=10)
            return call()
        except CalloutError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def refused(results: list[object]) -> list[CalloutError]:
    return [result for result in results if isinstance(result, CalloutError)]


@pytest.fixture
def two_admins() -> tuple[User, User]:
    made = [
        services.user_create(
            actor=SYSTEM, email=f"{name}@example.com", name=name, is_admin=True, is_manager=True
        )
        for name in ("ada", "bea")
    ]
    return made[0], made[1]


def demotions(admins: tuple[User, User]) -> list[Callable[[], object]]:
    return [
        partial(services.user_update, actor=SYSTEM, user_id=user.pk, is_admin=False)
        for user in admins
    ]


def deactivations(admins: tuple[User, User]) -> list[Callable[[], object]]:
    return [partial(services.user_deactivate, actor=SYSTEM, user_id=user.pk) for user in admins]


def active_admins() -> int:
    return User.objects.filter(is_admin=True, is_active=True).count()


@pytest.mark.parametrize("remove", [demotions, deactivations])
def test_of_two_last_admins_removed_at_once_one_stays(
    two_admins: tuple[User, User],
    remove: Callable[[tuple[User, User]], list[Callable[[], object]]],
) -> None:
    for _round in range(ROUNDS):
        User.objects.update(is_admin=True, is_active=True)
        results = together(*remove(two_admins))
        assert active_admins() == 1
        assert [error.code for error in refused(results)] == ["last_admin"]


def test_without_the_lock_both_would_go(
    two_admins: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = threading.Barrier(2)

    def only_look(rows: models.QuerySet[User]) -> list[User]:
        found = list(rows)
        both_have_looked.wait(timeout=10)
        return found

    monkeypatch.setattr(user_services, "rows_lock", only_look)
    results = together(*demotions(two_admins))
    assert refused(results) == []
    assert active_admins() == 0


def test_of_many_who_send_the_setup_code_at_once_one_becomes_admin() -> None:
    nobody = Actor(user_id=None, name="setup", door="office")
    code = services.setup_code_create(actor=SYSTEM)
    results = together(
        *(
            lambda n=n: services.first_admin_create(
                actor=nobody, code=code, email=f"n{n}@example.com", name="N", password=PASSWORD
            )
            for n in range(6)
        )
    )
    assert User.objects.count() == 1
    assert [type(error) for error in refused(results)] == [Refused] * 5


def test_of_many_who_take_the_same_address_at_once_one_gets_it() -> None:
    results = together(
        *(
            lambda: services.user_create(
                actor=SYSTEM, email="same@example.com", name="S", is_manager=True
            )
            for _ in range(6)
        )
    )
    assert User.objects.count() == 1
    assert [error.code for error in refused(results)] == ["invalid"] * 5
