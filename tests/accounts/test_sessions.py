from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession

from callout.accounts import selectors, services
from callout.accounts.devices import device_name
from callout.accounts.models import User
from callout.kernel.errors import NotFound
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import acting
from tests.accounts.test_sign_in import browser, is_in, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"


def test_where_one_is_signed_in_is_listed_with_device_and_address(manager: User) -> None:
    client = browser("198.51.100.7")
    sign_in(client, manager.email, headers={"User-Agent": FIREFOX})
    key = client.session.session_key or ""
    (session,) = selectors.sessions_list(actor=acting(manager), current_key=key)
    assert (session.device, session.ip, session.is_current) == (
        "Firefox on Linux",
        "198.51.100.7",
        True,
    )


def test_a_revoked_sign_in_is_out_at_the_very_next_request(manager: User) -> None:
    here, there = browser(), browser()
    sign_in(there, manager.email)
    sign_in(here, manager.email)
    key = here.session.session_key or ""
    other = next(
        session
        for session in selectors.sessions_list(actor=acting(manager), current_key=key)
        if not session.is_current
    )
    mark = selectors.session_mark(there.session.session_key or "")
    here.post("/settings/security/sessions/end/", {"session": other.id})
    assert not is_in(there)
    assert is_in(here)
    entry = JournalEntry.objects.filter(entity_id=manager.pk).order_by("-id")[0]
    assert (entry.kind, entry.facts) == ("session_ended", {"session": mark})


def test_all_others_are_ended_by_one_button(manager: User) -> None:
    here, *others = (browser() for _ in range(3))
    for client in (here, *others):
        sign_in(client, manager.email)
    here.post("/settings/security/sessions/end/", {"session": "others"})
    assert is_in(here)
    assert not any(is_in(client) for client in others)


@pytest.mark.parametrize("which", ["", "x", "-1", "9" * 30, "²", "999999"])
def test_a_sign_in_that_is_none_is_not_there(manager: User, which: str) -> None:
    client = browser()
    sign_in(client, manager.email)
    answer = client.post("/settings/security/sessions/end/", {"session": which})
    assert answer.status_code == 404


def test_anothers_sign_in_is_not_there_but_for_an_admin(
    admin: User, manager: User, technician: User
) -> None:
    client = browser()
    sign_in(client, manager.email)
    session = UserSession.objects.get(user=manager)
    with pytest.raises(NotFound):
        services.session_revoke(actor=acting(technician), session_id=session.pk)
    assert is_in(client)
    services.session_revoke(actor=acting(admin), session_id=session.pk)
    assert not is_in(client)


def test_deactivating_ends_every_sign_in(admin: User, manager: User) -> None:
    client = browser()
    sign_in(client, manager.email)
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    assert not UserSession.objects.filter(user=manager).exists()
    services.user_reactivate(actor=acting(admin), user_id=manager.pk)
    assert not is_in(client)


def test_a_new_address_and_a_password_set_by_an_admin_end_every_sign_in(
    admin: User, manager: User
) -> None:
    client = browser()
    sign_in(client, manager.email)
    services.user_update(actor=acting(admin), user_id=manager.pk, email="new@example.com")
    assert not is_in(client)
    sign_in(client, "new@example.com")
    assert is_in(client)
    services.user_password_set(
        actor=acting(admin), user_id=manager.pk, password="another good password"
    )
    assert not is_in(client)


def test_being_here_is_noted_every_five_minutes_at_most(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    sign_in(client, manager.email)
    first = UserSession.objects.get(user=manager).last_seen_at
    is_in(client)
    assert UserSession.objects.get(user=manager).last_seen_at == first
    monkeypatch.setattr("callout.accounts.services.sessions.SEEN_EVERY", 0)
    is_in(client)
    assert UserSession.objects.get(user=manager).last_seen_at > first


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911B) SamsungBrowser/28.0 Chrome/130.0 Safari/537",
            "Samsung Internet on Android (SM-S911B)",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:140.0) Firefox/140.0", "Firefox on Android"),
        ("Android 14; <script>alert(1)</script>) Chrome/1", "Chrome on Android"),
        (f"Android 14; {'x' * 400}) Chrome/1", "Chrome on Android"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_has_a_name_that_people_know(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_sign_ins_of_nobody_are_not_there(admin: User) -> None:
    with pytest.raises(NotFound):
        services.sessions_end(actor=acting(admin), user_id=uuid4())
