"""Phones on the technician's page, on the user's, and on one's own: seen, revoked, lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from callout.accounts.models import Device, User
from callout.accounts.services import device_sign_in
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.selectors.when import When
from callout.web.office.account.phones import phone_since
from tests.notify.conftest import phone_of
from tests.office.conftest import Browser
from tests.orders.conftest import Company


def team_page(browser: Client, technician: Actor) -> str:
    return browser.get(f"/team/{technician.technician_id}/").content.decode()


def press(browser: Client, device: Device, deed: str, back: str = "/settings/security/") -> int:
    headers = {"Referer": f"http://testserver{back}"}
    return browser.post(f"/phones/{device.pk}/{deed}/", headers=headers).status_code


def test_the_office_sees_each_phone_and_what_it_last_said(company: Company, office: Client) -> None:
    now = clock.now()
    phone_of(
        company.anna,
        name="Chrome on Android",
        app="2026-11-20",
        unsent_commands=3,
        unsent_files=1,
        unsent_since=now - timedelta(hours=26),
        position_consent_at=now,
    )
    page = team_page(office, company.anna)
    for words in (
        *("Chrome on Android", "build 2026-11-20", "last seen", "may say where it is"),
        *("3 entries, 1 file", "unsent for over a day"),
    ):
        assert words in page
    assert "Chrome on Android" not in team_page(office, company.bert)


def test_two_phones_of_one_name_are_told_apart_by_when_they_signed_in(
    company: Company, office: Client
) -> None:
    for hours in (2, 26):
        device = phone_of(company.anna)
        Device.objects.filter(pk=device.pk).update(created_at=clock.now() - timedelta(hours=hours))
    page = team_page(office, company.anna)
    said = set(re.findall(r"<small>(signed in [^·<]+)", page))
    assert page.count("Chrome on Android</b>") == len(said) == 2


def test_what_a_phone_says_of_itself_is_shown_in_our_words_alone(
    company: Company, office: Client
) -> None:
    device, _secret = device_sign_in(
        actor=company.anna,
        user_agent='Android 14; "><script>alert(1)</script>) Chrome/1' + "y" * 900,
    )
    assert device.name == "Chrome on Android"
    Device.objects.filter(pk=device.pk).update(name="<b>x</b>")
    assert "&lt;b&gt;x" in team_page(office, company.anna)


def test_a_day_and_not_less_is_warned_of(company: Company, office: Client) -> None:
    phone_of(
        company.anna, unsent_commands=1, unsent_since=clock.now() - timedelta(hours=23, minutes=55)
    )
    page = team_page(office, company.anna)
    assert "1 entry" in page
    assert "unsent for over a day" not in page


@pytest.mark.parametrize("gone", ["signed_out_at", "expires_at"])
def test_phones_that_were_left_are_not_shown(company: Company, office: Client, gone: str) -> None:
    phone_of(company.anna, name="Old phone", **{gone: clock.now()})
    assert "Old phone" not in team_page(office, company.anna)


@pytest.mark.parametrize(
    ("deed", "field", "words"),
    [
        ("revoke", "revoked_at", "what it has not sent stays on it"),
        ("lost", "lost_at", "forgets everything at its next contact"),
    ],
)
def test_a_manager_ends_a_phone_and_sees_what_it_means(
    company: Company, office: Client, deed: str, field: str, words: str
) -> None:
    device = phone_of(company.anna)
    page = team_page(office, company.anna)
    assert f"/phones/{device.pk}/{deed}/" in page
    # Which one of those that have the same name.
    named = f"{device.name} ({phone_since(device, When())})"
    assert f'hx-confirm="Revoke {named}?' in page
    assert f'aria-label="Report {named} lost"' in page
    assert press(office, device, deed, f"/team/{company.anna.technician_id}/") == 302
    device.refresh_from_db()
    assert getattr(device, field) is not None
    page = team_page(office, company.anna)
    assert words in page
    assert f"/phones/{device.pk}/revoke/" not in page


def test_a_technician_sees_and_ends_their_own_and_nobody_elses(
    company: Company, browser: Browser
) -> None:
    own, other = phone_of(company.anna), phone_of(company.bert, name="Bert’s phone")
    anna = browser(company.anna)
    page = anna.get("/settings/security/").content.decode()
    assert f"/phones/{own.pk}/revoke/" in page
    assert "Bert’s phone" not in page
    assert press(anna, own, "revoke") == 302
    assert press(anna, other, "revoke") == 404
    assert press(anna, other, "lost") == 404
    other.refresh_from_db()
    assert (other.revoked_at, other.lost_at) == (None, None)


def test_an_admin_sees_them_with_the_user(company: Company, browser: Browser) -> None:
    User.objects.filter(pk=str(company.manager.user_id)).update(is_admin=True)
    phone_of(company.anna, name="Chrome on Android")
    page = browser(company.manager).get(f"/settings/users/{company.anna.user_id}/")
    assert "Chrome on Android" in page.content.decode()


def test_what_no_button_says_does_nothing(company: Company, office: Client) -> None:
    device = phone_of(company.anna)
    assert press(office, device, "forget") == 404
    assert office.get(f"/phones/{device.pk}/revoke/").status_code == 405


def test_the_way_back_stays_on_our_own_pages(company: Company, office: Client) -> None:
    device = phone_of(company.anna)
    headers = {"Referer": "https://evil.example/"}
    assert office.post(f"/phones/{device.pk}/revoke/", headers=headers)["Location"] == "/"
