"""A new password ends what the old one had opened: sessions and phones, by whichever way it came.
A program's token is a secret of its own and stays, and the page says so."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from callout.accounts import selectors, tasks
from callout.accounts.device_selectors import devices_list, devices_waiting
from callout.accounts.models import ApiToken, Device, User
from callout.accounts.services import (
    device_touch,
    token_create,
    token_revoke,
    user_deactivate,
    user_password_set,
    user_reactivate,
    user_update,
)
from callout.fieldwork.models import InboxCommand
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.notify.models import Notice, PushSubscription
from callout.notify.tasks import subscriptions_of
from callout.web.office.account.phones import phones_of
from tests.accounts.test_sign_in import browser, is_in, sign_in
from tests.fieldwork.conftest import Phone, visit_of
from tests.fieldwork.test_devices import asked
from tests.fieldwork.test_handover import handed
from tests.fieldwork.test_sync import note
from tests.harness import signing
from tests.orders.conftest import Company

OLD, NEW = "a long enough one", "another good password"
CHANGE = "/accounts/password/change/"
ADMIN = Actor.system("tests")


@pytest.fixture
def user(company: Company) -> User:
    """Anna, with a password."""
    found = User.objects.get(pk=str(company.anna.user_id))
    found.set_password(OLD)
    found.save(update_fields=["password"])
    return found


def by_oneself(user: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser()
    assert sign_in(client, user.email, OLD)
    said = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    assert client.post(CHANGE, said).status_code == 302
    assert is_in(client), "where it was changed one stays"


def by_mail(user: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    client, page = mailed(user)
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 302


def mailed(user: User) -> tuple[Client, str]:
    """A browser in which the mailed link was opened, and the page that it leads to."""
    tasks.password_link(user_id=str(user.pk), kind="reset")
    found = re.search(r"http://[^/]+(\S+)", str(mail.outbox[-1].body))
    assert found
    client = browser()
    return client, client.get(found[1]).headers["Location"]


def by_an_admin(user: User, _monkeypatch: pytest.MonkeyPatch) -> None:
    user_password_set(actor=ADMIN, user_id=user.pk, password=NEW)


def by_command(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _asked: NEW)
    call_command("changepassword", user.email.upper())


Way = Callable[[User, pytest.MonkeyPatch], None]
every_way = pytest.mark.parametrize(
    "way", [by_oneself, by_mail, by_an_admin, by_command], ids=lambda way: way.__name__
)


@every_way
def test_a_new_password_ends_sessions_and_phones_and_no_token(
    way: Way, user: User, anna: Phone, bert: Phone, company: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    thief = browser()
    assert sign_in(thief, user.email, OLD)
    _token, plain = token_create(actor=company.anna, name="Night import")
    assert asked(anna) == (200, "")
    way(user, monkeypatch)
    assert asked(anna) == (401, "not_signed_in")
    assert not is_in(thief)
    assert selectors.actor_for_token(plain).user_id == user.pk
    assert asked(bert) == (200, ""), "nobody else's phone"
    assert sign_in(browser(), user.email, NEW)
    told = JournalEntry.objects.filter(kind="device_ended").get()
    assert (told.entity_id, told.facts) == (user.pk, {"device": anna.device_id})


@every_way
def test_what_a_phone_held_is_sent_once_the_same_person_has_signed_in(
    way: Way, user: User, anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = company.planned(company.anna)
    held = anna.command("depart", visit_of(order))
    device = anna.device_id
    way(user, monkeypatch)
    assert anna.post("sync", anna.request(held)).status_code == 401
    assert not InboxCommand.objects.exists()
    assert anna.sign_in().device_id == device, "the phone that it was"
    (answer,) = anna.said(held)
    assert answer["outcome"] == "applied"
    order.refresh_from_db()
    assert order.technician_status == "en_route"


def test_the_old_secret_opens_nothing_after_the_phone_has_signed_in_again(
    user: User, anna: Phone
) -> None:
    before = anna.client.cookies[settings.DEVICE_COOKIE_NAME].value
    user_password_set(actor=ADMIN, user_id=user.pk, password=NEW)
    anna.sign_in()
    assert asked(anna) == (200, "")
    anna.client.cookies[settings.DEVICE_COOKIE_NAME] = before
    assert asked(anna) == (401, "not_signed_in")


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_phone_that_is_just_speaking_is_not_brought_back_by_it(
    seconds: int, user: User, anna: Phone
) -> None:
    """Whichever of the two looked at the clock first."""
    user_password_set(actor=ADMIN, user_id=user.pk, password=NEW)
    nothing: dict[str, Any] = {"commands": 0, "files": 0, "bytes": 0, "since": None}
    with clock.freeze(clock.now() + timedelta(seconds=seconds)):
        device_touch(anna.row.pk, unsent=nothing)
    assert asked(anna) == (401, "not_signed_in")


def test_a_session_that_the_new_password_ends_while_it_asks_makes_no_phone_any_more(
    user: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its request was let in before, and waited for the user's row."""
    thief = Phone(Client(), user.pk)
    signing.sign_in(thief.client, user)
    said = "callout.web.technician.devices.said"
    monkeypatch.setattr(said, lambda _request: has_a_new_password(user))
    answer = thief.post("device")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
    assert not Device.objects.exists()


def leaves(user: User) -> None:
    user_deactivate(actor=ADMIN, user_id=user.pk)


def does_other_work(user: User) -> None:
    user_update(actor=ADMIN, user_id=user.pk, is_technician=False, is_manager=True)


def has_a_new_password(user: User) -> None:
    user_password_set(actor=ADMIN, user_id=user.pk, password=NEW)


@pytest.mark.parametrize("gone", [leaves, does_other_work], ids=lambda gone: gone.__name__)
@pytest.mark.parametrize("first", [True, False], ids=["password first", "password last"])
def test_who_is_no_technician_any_more_hands_over_what_their_phone_holds_all_the_same(
    first: bool, gone: Callable[[User], None], user: User, anna: Phone, company: Company
) -> None:
    held = note(anna, visit_of(company.planned(company.anna)))
    for step in [has_a_new_password, gone] if first else [gone, has_a_new_password]:
        step(user)
    assert asked(anna) == (401, "deactivated")
    assert handed(anna, held).json()["kept"] == [held["id"]]


def test_who_comes_back_signs_in_again(user: User, anna: Phone) -> None:
    leaves(user)
    has_a_new_password(user)
    user_reactivate(actor=ADMIN, user_id=user.pk)
    assert asked(anna) == (401, "not_signed_in")
    device = anna.device_id
    assert anna.sign_in().device_id == device
    assert asked(anna) == (200, "")


def test_a_phone_that_was_ended_is_on_no_list_and_is_not_pushed_to(
    user: User, anna: Phone, company: Company
) -> None:
    nothing: dict[str, Any] = {"commands": 1, "files": 0, "bytes": 9, "since": None}
    device_touch(anna.row.pk, unsent=nothing | {"since": clock.now() - timedelta(days=2)})
    admin = replace(company.manager, is_admin=True)

    def lists() -> list[bool]:
        notice = Notice(technician_id=str(company.anna.technician_id))
        return [
            bool(devices_list(actor=admin)),
            bool(devices_waiting(actor=admin)),
            bool(phones_of(admin, user.pk)),
            subscriptions_of(notice).exists(),
        ]

    PushSubscription.objects.create(device=anna.row, endpoint="https://push.example.com/1")
    assert lists() == [True] * 4
    has_a_new_password(user)
    assert lists() == [False] * 4


def test_phones_that_were_over_before_are_not_ended_again(user: User, anna: Phone) -> None:
    Device.objects.filter(pk=anna.device_id).update(signed_out_at=clock.now())
    user_password_set(actor=ADMIN, user_id=user.pk, password=NEW)
    assert not JournalEntry.objects.filter(kind="device_ended").exists()


def test_a_link_that_is_used_after_the_user_was_deactivated_changes_nothing(user: User) -> None:
    client, page = mailed(user)
    user_deactivate(actor=ADMIN, user_id=user.pk)
    client.post(page, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_the_page_of_a_new_password_says_how_many_tokens_stay_where_there_are_some(
    user: User, company: Company
) -> None:
    signed_in = browser()
    sign_in(signed_in, user.email, OLD)
    by_link, link = mailed(user)
    pages = [(signed_in, CHANGE), (by_link, link)]

    def said() -> list[list[str]]:
        shown = [client.get(page).content.decode() for client, page in pages]
        return [re.findall(r"\d+ API tokens? stays? good; you can end \w+", one) for one in shown]

    assert said() == [[], []]
    token_create(actor=company.bert, name="Another's")
    over, _plain = token_create(actor=company.anna, name="Over")
    ApiToken.objects.filter(pk=over.pk).update(expires_at=clock.now())
    ended, _plain = token_create(actor=company.anna, name="Ended")
    token_revoke(actor=company.anna, token_id=ended.pk)
    assert said() == [[], []]
    token_create(actor=company.anna, name="Night import")
    assert said() == [["1 API token stays good; you can end it"]] * 2
    token_create(actor=company.anna, name="Export")
    assert said() == [["2 API tokens stay good; you can end them"]] * 2
