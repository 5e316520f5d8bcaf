import re
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from callout.accounts import selectors, services
from callout.accounts.models import User
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import PASSWORD, SYSTEM, acting

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def browser(address: str = "127.0.0.1") -> Client:
    return Client(headers={"Origin": "http://testserver"}, REMOTE_ADDR=address)


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> bool:
    """Through the page, as a person does; whether it was let in."""
    answer = client.post(LOGIN, {"login": email, "password": password}, **extra)
    return answer.status_code == 302


def is_in(client: Client) -> bool:
    return client.get("/settings/profile/").status_code == 200


def kinds(user: User) -> list[str]:
    return list(
        JournalEntry.objects.filter(entity_id=user.pk).order_by("id").values_list("kind", flat=True)
    )


def test_email_and_password_sign_in_whatever_the_case_of_the_address(manager: User) -> None:
    client = browser()
    assert not is_in(client)
    assert sign_in(client, "MIA@Example.com")
    assert is_in(client)


@pytest.mark.parametrize("demo", [True, False])
def test_who_is_known_by_a_printed_password_signs_in_to_a_demo_alone(
    demo: bool, settings: Any, manager: User
) -> None:
    settings.DEMO = demo
    User.objects.filter(pk=manager.pk).update(email=f"els@{settings.DEMO_DOMAIN}")
    client, given = browser(), {"email": f"els@{settings.DEMO_DOMAIN}", "password": PASSWORD}
    sign_in(client, given["email"])
    assert is_in(client) == demo
    assert (authenticate(None, **given) is not None) == demo, "and by no other door"


def test_a_technician_s_sign_in_lets_the_app_ask_whose_phone_this_is(
    technician: User, manager: User
) -> None:
    client = browser()
    sign_in(client, technician.email)
    left = client.cookies["callout-signed-in"]
    assert (left.value, left["path"], left["samesite"]) == ("1", "/technician/", "Strict")
    other = browser()
    sign_in(other, manager.email)
    assert "callout-signed-in" not in other.cookies


def test_no_toast_says_to_somebody_that_they_have_signed_in(manager: User) -> None:
    client = browser()
    sign_in(client, manager.email)
    assert b"data-toast" not in client.get("/settings/profile/").content


def test_signing_in_and_out_is_in_the_journal_without_the_key_of_the_session(
    manager: User,
) -> None:
    client = browser()
    sign_in(client, manager.email)
    key = client.session.session_key or ""
    entry = JournalEntry.objects.get(entity_id=manager.pk, kind="signed_in")
    assert entry.facts == {"session": selectors.session_mark(key)}
    assert key not in f"{entry.facts}{entry.personal}"
    client.post("/accounts/logout/")
    assert kinds(manager)[-1] == "signed_out"
    assert not is_in(client)


def test_a_wrong_password_is_in_the_journal_but_not_what_was_typed(manager: User) -> None:
    client = browser()
    assert not sign_in(client, manager.email, "hunter2 hunter2")
    entry = JournalEntry.objects.get(entity_id=manager.pk, kind="sign_in_failed")
    assert "hunter2" not in f"{entry.facts}{entry.personal}"


def test_a_password_typed_as_an_address_is_in_no_log(
    manager: User, caplog: pytest.LogCaptureFixture
) -> None:
    assert not sign_in(browser(), "hunter2@secret.example")
    assert "no such account" in caplog.text
    assert "hunter2" not in caplog.text


def test_known_and_unknown_addresses_are_answered_alike(manager: User) -> None:
    def words(email: str) -> str:
        answer = browser().post(LOGIN, {"login": email, "password": "wrong wrong wrong"})
        page = answer.content.decode().replace(email, "")
        return re.sub(r'"\w{64}"', "", page)  # the form's own token

    assert words(manager.email) == words("nobody@example.com")


def test_after_five_wrong_passwords_the_right_one_does_not_help_either(manager: User) -> None:
    for attempt in range(5):
        assert not sign_in(browser(f"198.51.100.{attempt}"), manager.email, "wrong wrong wrong")
    assert not sign_in(browser("203.0.113.9"), manager.email)


@pytest.mark.wide
def test_control_without_the_limits_guessing_goes_on(manager: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    with pytest.raises(AssertionError):
        test_after_five_wrong_passwords_the_right_one_does_not_help_either(manager)
    with pytest.raises(AssertionError):
        test_one_address_may_not_try_many_accounts_and_a_forged_header_does_not_help(manager)


def test_four_wrong_passwords_still_let_the_right_one_in(manager: User) -> None:
    for attempt in range(4):
        assert not sign_in(browser(f"198.51.100.{attempt}"), manager.email, "wrong wrong wrong")
    assert sign_in(browser("203.0.113.9"), manager.email)


def test_another_host_name_gives_no_fresh_attempts(manager: User) -> None:
    for host in ("testserver", "localhost:8000", "127.0.0.1:8000", "testserver", "localhost:8000"):
        answer = browser().post(
            LOGIN,
            {"login": manager.email, "password": "wrong wrong wrong"},
            headers={"Host": host, "Origin": f"http://{host}"},
        )
        assert answer.status_code == 200
    assert not sign_in(browser(), manager.email)


@pytest.mark.wide
def test_one_address_may_not_try_many_accounts_and_a_forged_header_does_not_help(
    manager: User,
) -> None:
    for attempt in range(30):
        sign_in(
            browser("198.51.100.7"),
            f"nobody{attempt}@example.com",
            headers={"X-Forwarded-For": f"203.0.113.{attempt}"},
        )
    forged = {"X-Forwarded-For": "203.0.113.200", "X-Real-IP": "203.0.113.201"}
    assert not sign_in(browser("198.51.100.7"), manager.email, headers=forged)
    assert sign_in(browser("198.51.100.8"), manager.email)


def test_who_is_deactivated_is_not_let_in(admin: User, manager: User) -> None:
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    client = browser()
    sign_in(client, manager.email)
    assert not is_in(client)


def test_who_is_deactivated_is_out_at_the_very_next_request(manager: User) -> None:
    client = browser()
    sign_in(client, manager.email)
    # The row alone, as if the session had been missed: the guard is at each request.
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert not is_in(client)


def test_a_changed_role_counts_at_the_very_next_request(admin: User) -> None:
    client = browser()
    sign_in(client, admin.email)
    assert client.get("/settings/users/").status_code == 200
    User.objects.filter(pk=admin.pk).update(is_admin=False)
    assert client.get("/settings/users/").status_code == 403


def test_after_signing_in_nobody_is_sent_to_another_site(manager: User) -> None:
    for there in ("https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:1"):
        answer = browser().post(
            f"{LOGIN}?next={there}", {"login": manager.email, "password": PASSWORD, "next": there}
        )
        assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "login/code/", "confirm-email/", "confirm-email/x/", "3rdparty/"]
)
def test_what_callout_has_not_is_not_there(client: Client, manager: User, path: str) -> None:
    client.force_login(manager)
    for signed in (client, browser()):
        assert signed.get(f"/accounts/{path}").status_code == 404
        answer = signed.post(f"/accounts/{path}", {"email": "x@example.com"})
        assert answer.status_code == 404


def test_a_changed_password_ends_the_other_sign_ins_and_keeps_this_one(manager: User) -> None:
    here, there = browser(), browser()
    sign_in(here, manager.email)
    sign_in(there, manager.email)
    new = "another good password"
    answer = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert kinds(manager)[-1] == "password_changed"
    assert "session_ended" in kinds(manager)


def test_the_old_password_is_asked_for(manager: User) -> None:
    client = browser()
    sign_in(client, manager.email)
    new = "another good password"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong wrong", "password1": new, "password2": new},
    )
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)


def test_pages_speak_the_language_of_who_is_signed_in(manager: User) -> None:
    services.user_update(actor=SYSTEM, user_id=manager.pk, language="nl")
    client = browser()
    sign_in(client, manager.email)
    page = client.get("/settings/profile/", headers={"Accept-Language": "fr"})
    assert '<html lang="nl"' in page.content.decode()


def test_the_language_button_counts_for_the_browser_and_for_the_user(manager: User) -> None:
    client = browser()
    client.post("/accounts/language/", {"language": "fr"})
    assert client.get(LOGIN).headers["Content-Language"] == "fr"
    sign_in(client, manager.email)
    client.post("/accounts/language/", {"language": "de"})
    manager.refresh_from_db()
    assert manager.language == "de"
    assert client.post("/accounts/language/", {"language": "xx"}).status_code == 404


def test_the_language_button_leads_to_no_other_site() -> None:
    answer = browser().post(
        "/accounts/language/", {"language": "fr"}, headers={"Referer": "https://evil.example/x"}
    )
    assert answer.headers["Location"] == "/"
