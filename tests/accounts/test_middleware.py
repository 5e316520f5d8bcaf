from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from callout.accounts import services
from callout.accounts.door import door_of
from callout.accounts.middleware import ActorMiddleware
from callout.accounts.models import User
from callout.kernel.actor import Actor
from tests.accounts.conftest import SYSTEM
from tests.accounts.test_sign_in import browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/orders/", "office"),
        ("/technician/", "technician"),
        ("/api/v1/sites", "api"),
        ("/", "office"),
    ],
)
def test_the_door_is_told_by_the_path(path: str, door: str) -> None:
    assert door_of(path) == door


def test_a_stranger_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    request = RequestFactory().get("/")
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.actor)  # type: ignore[attr-defined]
        return HttpResponse()

    with django_assert_num_queries(0):
        ActorMiddleware(page)(request)
    assert seen == [None]


def test_a_made_up_session_is_nobody(client: Client) -> None:
    from django.conf import settings

    for key in ("x" * 32, "x" * 31 + "\0", "x" * 4000, "'" * 32, ""):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get("/settings/").status_code == 302


def test_a_session_is_whose_it_says_whatever_is_noted_of_it(
    manager: User, technician: User
) -> None:
    client = browser()
    sign_in(client, technician.email)
    UserSession.objects.update(user=manager)
    assert client.get("/settings/").context["user"] == technician


def test_who_is_signed_in_costs_the_session_and_the_user(
    manager: User, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    client = browser()
    sign_in(client, manager.email)
    client.get("/settings/")  # the company is read and kept
    with django_assert_max_num_queries(2):
        assert client.get("/settings/").status_code == 200


def test_hours_are_shown_as_the_companys_clock_shows_them(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.company_update(actor=SYSTEM, time_zone="Asia/Tokyo")
    seen: list[str] = []

    def look(_actor: Actor) -> list[object]:
        seen.append(timezone.get_current_timezone_name())
        return []

    monkeypatch.setattr("callout.web.office.account.own.sections_for", look)
    client = browser()
    client.force_login(manager)
    client.get("/settings/")
    assert seen == ["Asia/Tokyo"]
    assert timezone.get_current_timezone_name() != "Asia/Tokyo"
