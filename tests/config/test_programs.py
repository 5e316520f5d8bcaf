"""A program with a token goes past what is for browsers, and a browser past nothing."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from callout.config import programs

PATH = "/api/v1/customers"


def gone(request: HttpRequest) -> str:
    """The way that a request takes between `programs` and the views."""

    def told(way: str) -> HttpResponse:
        return HttpResponse(way)

    programs.views(lambda _request: told("straight"))
    answer = programs.programs(lambda _request: told("the whole way"))(request)
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "headers", "said"),
    [
        (PATH, {"HTTP_AUTHORIZATION": "Bearer x"}, "straight"),
        (PATH, {"HTTP_AUTHORIZATION": "Basic x"}, "straight"),
        (PATH, {"HTTP_AUTHORIZATION": ""}, "straight"),
        (PATH, {}, "the whole way"),
        (PATH, {"HTTP_COOKIE": "sessionid=x"}, "the whole way"),
        (PATH, {"HTTP_X_AUTHORIZATION": "Bearer x"}, "the whole way"),
        ("/orders/", {"HTTP_AUTHORIZATION": "Bearer x"}, "the whole way"),
        ("/accounts/login/", {"HTTP_AUTHORIZATION": "Bearer x"}, "the whole way"),
        ("/technician/api/", {"HTTP_AUTHORIZATION": "Bearer x"}, "the whole way"),
    ],
)
def test_who_sends_an_authorization_to_the_api_goes_straight(
    path: str, headers: dict[str, str], said: str
) -> None:
    assert gone(RequestFactory().get(path, **headers)) == said  # type: ignore[arg-type]


@pytest.mark.django_db
def test_both_ways_give_the_same_headers_to_a_refusal() -> None:
    straight, whole = (
        Client(headers={"Accept-Language": "nl", **headers}).get(PATH)
        for headers in ({"Authorization": "Bearer wrong"}, {})
    )
    assert straight.status_code == whole.status_code == 401
    assert straight.headers["Content-Language"] == "nl"
    words = {"Content-Length": ""}  # of what is wrong they differ
    assert {**straight.headers, **words} == {**whole.headers, **words}
    assert {"X-Frame-Options", "Content-Security-Policy", "Cache-Control"} <= set(whole.headers)


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_on_both_ways() -> None:
    for headers in ({"Authorization": "Bearer wrong"}, {}):
        with override_settings(ALLOWED_HOSTS=["ours.example"]):
            assert Client(headers=headers).get(PATH).status_code == 400


def test_what_answers_for_all_stands_before_the_shorter_way() -> None:
    way = settings.MIDDLEWARE.index("callout.config.programs.programs")
    for guard in (
        "django.middleware.security.SecurityMiddleware",
        "callout.config.middleware.ContentPolicy",
        "callout.config.middleware.same_origin",
        "callout.config.middleware.tame_json",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ):
        assert settings.MIDDLEWARE.index(guard) < way
    assert settings.MIDDLEWARE[-1] == "callout.config.programs.views"
