import io

import pytest
from django.core.management import CommandError, call_command

from callout.accounts import selectors
from callout.accounts.models import User
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_token_prints_a_new_token_alone(manager: User) -> None:
    out = io.StringIO()
    call_command("token", "MIA@example.com", "--name", "export", stdout=out)
    assert selectors.actor_for_token(out.getvalue().strip()).user_id == manager.pk
    entry = JournalEntry.objects.get(entity="api_token")
    assert (entry.door, entry.actor_name) == ("command", "callout token")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody@example.com", "--name", "x"], "Nobody signs in with this address"),
        (["mia@example.com", "--name", " "], "cannot be blank"),
        (["mia@example.com", "--name", "x", "--days", "0"], "from 1 day to 5 years"),
    ],
)
def test_token_says_what_is_wrong(manager: User, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("token", *arguments)


def test_createsuperuser_makes_an_admin_who_is_a_manager(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", "--noinput", email="Ada@Example.com", name="Ada", stdout=io.StringIO()
    )
    user = User.objects.get()
    assert (user.email, user.is_admin, user.is_manager) == ("ada@example.com", True, True)
    assert user.check_password(PASSWORD)
    with pytest.raises(CommandError, match="already signs in"):
        call_command("createsuperuser", "--noinput", email="ada@example.com", name="Ada")


def test_createsuperuser_without_a_password_makes_nobody(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD", raising=False)
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--noinput", email="ada@example.com", name="Ada")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        call_command("createsuperuser", "--noinput", email="ada@example.com", name="Ada")
    assert not User.objects.exists()
