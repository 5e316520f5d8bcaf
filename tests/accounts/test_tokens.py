from datetime import timedelta

import pytest

from callout.accounts import selectors, services
from callout.accounts.models import ApiToken, User
from callout.accounts.services.tokens import MAX_DAYS
from callout.kernel import clock
from callout.kernel.errors import Invalid, NotFound, NotSignedIn, Refused
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import acting

pytestmark = pytest.mark.django_db


def test_the_text_of_a_token_is_given_once_and_kept_nowhere(manager: User) -> None:
    token, plain = services.token_create(actor=acting(manager), name="export")
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    entry = JournalEntry.objects.get(entity="api_token", entity_id=token.pk)
    kept = f"{row}{entry.facts}{entry.personal}"
    assert len(plain) > 40
    assert plain not in kept
    assert plain[len(row["prefix"]) :] not in kept
    assert plain.startswith(row["prefix"])


def test_two_tokens_are_never_the_same(manager: User) -> None:
    made = {services.token_create(actor=acting(manager), name="x")[1] for _ in range(20)}
    assert len(made) == 20


def test_a_token_has_the_rights_of_its_owner_and_no_more(admin: User, technician: User) -> None:
    _token, plain = services.token_create(
        actor=acting(admin), name="for Tom", user_id=technician.pk
    )
    actor = selectors.actor_for_token(plain)
    assert (actor.user_id, actor.door) == (technician.pk, "api")
    assert (actor.is_technician, actor.is_manager, actor.is_admin) == (True, False, False)


def test_a_role_taken_from_the_owner_is_taken_from_the_token(admin: User, manager: User) -> None:
    _token, plain = services.token_create(actor=acting(manager), name="x")
    services.user_update(
        actor=acting(admin), user_id=manager.pk, is_manager=False, is_technician=True
    )
    assert not selectors.actor_for_token(plain).is_manager


def test_a_token_is_good_for_a_year_and_not_a_moment_longer(manager: User) -> None:
    token, plain = services.token_create(actor=acting(manager), name="x")
    with clock.freeze(token.expires_at - timedelta(seconds=1)):
        assert selectors.actor_for_token(plain).user_id == manager.pk
    with clock.freeze(token.expires_at), pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)
    assert (token.expires_at - token.created_at).days in (364, 365)


def test_a_revoked_token_opens_nothing_at_the_very_next_request(manager: User) -> None:
    token, plain = services.token_create(actor=acting(manager), name="x")
    selectors.actor_for_token(plain)
    services.token_revoke(actor=acting(manager), token_id=token.pk)
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)
    assert selectors.tokens_list(actor=acting(manager)) == []


def test_the_token_of_a_deactivated_user_opens_nothing(manager: User) -> None:
    _token, plain = services.token_create(actor=acting(manager), name="x")
    User.objects.filter(pk=manager.pk).update(is_active=False)
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)


@pytest.mark.parametrize("plain", ["", "callout_", "nonsense", "é\x00", "x" * 10_000])
def test_what_is_no_token_opens_nothing(db: None, plain: str) -> None:
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)


def test_the_hash_that_the_database_keeps_opens_nothing(manager: User) -> None:
    token, _plain = services.token_create(actor=acting(manager), name="x")
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(token.hash)


def test_use_is_noted_once_a_minute_at_most(manager: User) -> None:
    token, plain = services.token_create(actor=acting(manager), name="x")
    start = clock.now()
    seen = []
    for seconds in (0, 59, 61):
        with clock.freeze(start + timedelta(seconds=seconds)):
            selectors.actor_for_token(plain)
        token.refresh_from_db()
        seen.append(token.last_used_at)
    assert seen == [start, start, start + timedelta(seconds=61)]


def test_anothers_token_is_not_there_but_for_an_admin(
    admin: User, manager: User, technician: User
) -> None:
    token, plain = services.token_create(actor=acting(manager), name="x")
    with pytest.raises(NotFound):
        services.token_revoke(actor=acting(technician), token_id=token.pk)
    assert selectors.actor_for_token(plain).user_id == manager.pk
    services.token_revoke(actor=acting(admin), token_id=token.pk)
    with pytest.raises(NotSignedIn):
        selectors.actor_for_token(plain)


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
def test_a_token_lasts_from_a_day_to_five_years(manager: User, days: int) -> None:
    with pytest.raises(Invalid):
        services.token_create(actor=acting(manager), name="x", days=days)


def test_a_token_has_a_name_and_an_active_owner(admin: User, manager: User) -> None:
    with pytest.raises(Invalid):
        services.token_create(actor=acting(manager), name="  ")
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    with pytest.raises(Refused):
        services.token_create(actor=acting(admin), name="x", user_id=manager.pk)
