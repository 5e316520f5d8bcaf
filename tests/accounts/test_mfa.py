import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from callout.accounts.models import User
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import browser, is_in, kinds, sign_in

pytestmark = pytest.mark.django_db
ACTIVATE = "/accounts/mfa/totp/activate/"


def code_for(secret: str, steps_away: int = 0) -> str:
    """What the phone shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_away)))


@pytest.fixture
def with_phone(
    manager: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> tuple[User, str]:
    """A manager who has set up an authenticator app, and its secret."""
    client = browser()
    sign_in(client, manager.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = str(client.get(ACTIVATE).context["form"].secret)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(ACTIVATE, {"code": code_for(secret)})
    assert answer.status_code == 302
    return manager, secret


def second_step(client: Client, code: str) -> None:
    client.post("/accounts/mfa/authenticate/", {"code": code})


def test_the_secret_lies_encrypted_and_its_making_is_in_the_journal(
    with_phone: tuple[User, str],
) -> None:
    user, secret = with_phone
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret
    entries = JournalEntry.objects.filter(entity_id=user.pk)
    assert {"type": "totp"} in [entry.facts for entry in entries if entry.kind == "mfa_added"]
    assert secret not in "".join(f"{entry.facts}{entry.personal}" for entry in entries)


def test_the_password_alone_lets_nobody_in_any_more(with_phone: tuple[User, str]) -> None:
    user, secret = with_phone
    client = browser()
    sign_in(client, user.email)
    assert not is_in(client)
    second_step(client, "000000")
    assert not is_in(client)
    second_step(client, code_for(secret, 1))
    assert is_in(client)
    assert kinds(user).count("signed_in") == 2
    assert "sign_in_failed" in kinds(user)


def test_a_code_is_good_once(with_phone: tuple[User, str]) -> None:
    user, secret = with_phone
    code = code_for(secret, 1)
    first, second = browser(), browser()
    for client in (first, second):
        sign_in(client, user.email)
        second_step(client, code)
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.wide
def test_guessing_codes_is_limited(with_phone: tuple[User, str]) -> None:
    user, secret = with_phone
    client = browser()
    sign_in(client, user.email)
    for guess in range(12):
        second_step(client, f"{guess:06}")
    second_step(client, code_for(secret, 1))
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(with_phone: tuple[User, str]) -> None:
    user, _secret = with_phone
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    first, second = browser(), browser()
    for client in (first, second):
        sign_in(client, user.email)
        second_step(client, codes[0])
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.wide
def test_setting_up_a_second_step_asks_for_the_password_again(manager: User) -> None:
    client = browser()
    sign_in(client, manager.email)
    client.post("/accounts/reauthenticate/", {"password": "wrong wrong wrong"})
    answer = client.get(ACTIVATE)
    assert "/accounts/reauthenticate/" in answer.headers["Location"]
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(ACTIVATE).status_code == 200


def test_passkeys_belong_to_the_configured_address(manager: User) -> None:
    entity = get_adapter().get_public_key_credential_rp_entity()
    assert entity == {"id": "localhost", "name": "Callout"}
