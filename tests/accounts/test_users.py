from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from callout.accounts import selectors, services
from callout.accounts.adapter import AccountAdapter
from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.kernel.errors import (
    CalloutError,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    Refused,
    Stale,
)
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import PASSWORD, SYSTEM, acting

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


def as_token(actor: Actor) -> Actor:
    return replace(actor, door="api", token_id=uuid4())


def last_entry(entity_id: UUID) -> JournalEntry:
    return JournalEntry.objects.filter(entity_id=entity_id).order_by("-id")[0]


def test_an_admin_adds_a_user_who_signs_in_by_a_lower_cased_address(admin: User) -> None:
    user = services.user_create(
        actor=acting(admin), email=" Eva@Example.COM ", name="  Eva   Maes ", is_manager=True
    )
    assert (user.email, user.name) == ("eva@example.com", "Eva Maes")
    assert not user.has_usable_password()


def test_the_journal_names_the_new_user_in_its_personal_part_alone(admin: User) -> None:
    user = services.user_create(
        actor=acting(admin), email="eva@example.com", name="Eva", is_manager=True
    )
    entry = last_entry(user.pk)
    assert (entry.kind, entry.actor_id, entry.facts) == (
        "created",
        admin.pk,
        {"roles": ["manager"]},
    )
    assert entry.personal == {"name": "Eva", "email": "eva@example.com"}


def test_neither_manager_nor_technician_adds_users(manager: User, technician: User) -> None:
    for who in (manager, technician):
        with pytest.raises(Forbidden):
            services.user_create(actor=acting(who), email="e@example.com", name="E", is_admin=True)
    assert User.objects.count() == 2


def test_nobody_signs_in_by_the_address_of_another(admin: User, manager: User) -> None:
    with pytest.raises(Invalid) as error:
        services.user_create(
            actor=acting(admin), email=manager.email.upper(), name="Mia", is_manager=True
        )
    assert list(error.value.fields) == ["email"]


def test_an_address_with_capitals_is_refused_by_the_database_itself(manager: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=manager.pk).update(email="Mia@example.com")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", ""),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "\x00"),
        ("language", "xx"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(admin: User, field: str, value: str) -> None:
    given: Any = {"email": "eva@example.com", "name": "Eva", "language": "en", field: value}
    with pytest.raises(Invalid) as error:
        services.user_create(actor=acting(admin), is_manager=True, **given)
    assert list(error.value.fields) == [field]


def test_a_user_has_at_least_one_role(admin: User, manager: User) -> None:
    with pytest.raises(Invalid):
        services.user_create(actor=acting(admin), email="eva@example.com", name="Eva")
    with pytest.raises(Invalid):
        services.user_update(actor=acting(admin), user_id=manager.pk, is_manager=False)


def test_a_weak_password_is_refused(admin: User) -> None:
    for weak in ("short", "password123", "1234567890"):
        with pytest.raises(Invalid) as error:
            services.user_create(
                actor=acting(admin), email="e@example.com", name="E", is_admin=True, password=weak
            )
        assert list(error.value.fields) == ["password"]


def test_everybody_changes_their_own_name_and_language(technician: User) -> None:
    services.user_update(
        actor=acting(technician), user_id=technician.pk, name="Tommy", language="nl"
    )
    technician.refresh_from_db()
    assert (technician.name, technician.language) == ("Tommy", "nl")
    assert last_entry(technician.pk).facts["fields"] == ["language", "name"]


@pytest.mark.parametrize(
    "change", [{"is_admin": True}, {"is_manager": True}, {"email": "x@example.com"}]
)
def test_nobody_but_an_admin_changes_roles_or_addresses(
    technician: User, change: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden):
        services.user_update(actor=acting(technician), user_id=technician.pk, **change)
    assert not User.objects.filter(is_admin=True).exists()


def test_anothers_account_is_not_there(manager: User, technician: User) -> None:
    for call in (
        lambda: services.user_update(actor=acting(manager), user_id=technician.pk, name="X"),
        lambda: selectors.user_get(actor=acting(manager), user_id=technician.pk),
        lambda: selectors.tokens_list(actor=acting(manager), user_id=technician.pk),
        lambda: selectors.sessions_list(actor=acting(manager), user_id=technician.pk),
        lambda: services.sessions_end(actor=acting(manager), user_id=technician.pk),
        lambda: services.token_create(actor=acting(manager), user_id=technician.pk, name="x"),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_stale_form_changes_nothing(admin: User, manager: User) -> None:
    services.user_update(actor=acting(admin), user_id=manager.pk, version=1, name="First")
    with pytest.raises(Stale) as error:
        services.user_update(actor=acting(admin), user_id=manager.pk, version=1, name="Second")
    assert error.value.current["version"] == 2
    manager.refresh_from_db()
    assert manager.name == "First"


def test_the_last_active_admin_stays_one(admin: User, make_user: MakeUser) -> None:
    deactivated = make_user("old", is_admin=True)
    services.user_deactivate(actor=acting(admin), user_id=deactivated.pk)
    calls: list[Callable[[], object]] = [
        lambda: services.user_update(actor=acting(admin), user_id=admin.pk, is_admin=False),
        lambda: services.user_deactivate(actor=acting(admin), user_id=admin.pk),
        lambda: services.user_deactivate(actor=SYSTEM, user_id=admin.pk),
    ]
    for call in calls:
        with pytest.raises(Refused) as error:
            call()
        assert error.value.code == "last_admin"
    admin.refresh_from_db()
    assert admin.is_admin
    assert admin.is_active


def test_one_of_two_admins_may_go(admin: User, make_user: MakeUser) -> None:
    make_user("bea", is_admin=True)
    services.user_update(actor=acting(admin), user_id=admin.pk, is_admin=False)
    admin.refresh_from_db()
    assert not admin.is_admin


def test_deactivating_revokes_tokens_and_reactivating_does_not_give_them_back(
    admin: User, manager: User
) -> None:
    _token, plain = services.token_create(actor=acting(manager), name="export")
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    assert last_entry(manager.pk).kind == "deactivated"
    services.user_reactivate(actor=acting(admin), user_id=manager.pk)
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)


def test_a_new_address_forgets_the_old_one_that_allauth_kept(admin: User, manager: User) -> None:
    EmailAddress.objects.create(user=manager, email=manager.email, verified=True, primary=True)
    services.user_update(actor=acting(admin), user_id=manager.pk, email="new@example.com")
    assert not EmailAddress.objects.filter(user=manager).exists()


def test_changing_a_password_does_not_bring_back_rights_taken_meanwhile(
    admin: User, make_user: MakeUser
) -> None:
    bea = make_user("bea", is_admin=True, is_manager=True)
    read_before = User.objects.get(pk=bea.pk)
    services.user_update(actor=acting(admin), user_id=bea.pk, is_admin=False)
    adapter = AccountAdapter()
    adapter.set_password(read_before, "another good password")
    bea.refresh_from_db()
    assert bea.check_password("another good password")
    assert not bea.is_admin


@pytest.mark.parametrize("name", sorted(set(services.__all__) - {"session_touch", "device_touch"}))
def test_without_an_actor_no_service_does_anything(name: str) -> None:
    for nobody in ({}, {"actor": None}):
        with pytest.raises(NotSignedIn):
            getattr(services, name)(**nobody)


def test_a_token_neither_sees_nor_touches_accounts(admin: User, manager: User) -> None:
    actor = as_token(acting(admin))
    token, _plain = services.token_create(actor=acting(admin), name="mine")
    calls: list[Callable[[], object]] = [
        lambda: services.user_create(actor=actor, email="e@example.com", name="E", is_admin=True),
        lambda: services.user_update(actor=actor, user_id=admin.pk, name="X"),
        lambda: services.user_update(actor=actor, user_id=manager.pk, is_admin=True),
        lambda: services.user_password_set(actor=actor, user_id=manager.pk, password=PASSWORD),
        lambda: services.user_deactivate(actor=actor, user_id=manager.pk),
        lambda: services.user_reactivate(actor=actor, user_id=manager.pk),
        lambda: services.user_invite(actor=actor, user_id=manager.pk),
        lambda: services.token_create(actor=actor, name="another"),
        lambda: services.token_create(actor=actor, name="another", user_id=manager.pk),
        lambda: services.token_revoke(actor=actor, token_id=token.pk),
        lambda: services.session_revoke(actor=actor, session_id=1),
        lambda: services.sessions_end(actor=actor, user_id=admin.pk),
        lambda: services.company_update(actor=actor, name="X"),
        lambda: services.setup_code_create(actor=actor),
        lambda: selectors.users_list(actor=actor),
        lambda: selectors.user_get(actor=actor, user_id=admin.pk),
        lambda: selectors.tokens_list(actor=actor),
        lambda: selectors.sessions_list(actor=actor),
    ]
    before = JournalEntry.objects.count()
    for call in calls:
        with pytest.raises(Forbidden):
            call()
    assert JournalEntry.objects.count() == before


def test_the_list_of_users_is_an_admins(admin: User, manager: User, technician: User) -> None:
    assert [user.name for user in selectors.users_list(actor=acting(admin))] == [
        "Ada",
        "Mia",
        "Tom",
    ]
    assert selectors.users_list(actor=acting(admin), query="MI") == [manager]
    for who in (manager, technician):
        with pytest.raises(CalloutError):
            selectors.users_list(actor=acting(who))
