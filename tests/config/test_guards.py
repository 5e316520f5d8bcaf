"""Other sites can't press our buttons, and JSON is tame, before any view is asked."""

import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from callout.config import middleware
from callout.config.middleware import ContentPolicy, depth, in_language, same_origin, tame_json

OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver"}


def pressed(request: HttpRequest) -> HttpResponse:
    """Any view."""
    return HttpResponse("pressed")


def answered(guard: Callable[..., object], request: HttpRequest) -> HttpResponse:
    """What the guard, standing before that view, makes of a request."""
    answer = guard(pressed)(request)  # type: ignore[operator]
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "http://testserver:8001"},
        {"HTTP_ORIGIN": "https://testserver"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
        {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver:8001"},
        {"HTTP_ORIGIN": "http://evil.example", "HTTP_HOST": "evil.example"},
        {**OURS, "HTTP_SEC_FETCH_SITE": "cross-site"},
        {**OURS, "HTTP_SEC_FETCH_SITE": "same-site"},
        {**OURS, "content_type": "text/plain"},
    ],
)
def test_a_button_pressed_from_elsewhere_is_refused(method: str, headers: dict[str, str]) -> None:
    form: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
    request = RequestFactory().generic(method.upper(), "/orders/", "x=1", **form | headers)
    assert answered(same_origin, request).status_code == 403


@pytest.mark.parametrize("fetch_site", ["same-origin", None])
def test_our_own_button_works(fetch_site: str | None) -> None:
    extra: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": fetch_site} if fetch_site else {}
    request = RequestFactory().post("/orders/", {"x": "1"}, **OURS | extra)
    assert answered(same_origin, request).content == b"pressed"


def test_looking_needs_no_origin_and_a_token_is_no_browser() -> None:
    assert answered(same_origin, RequestFactory().get("/orders/")).content == b"pressed"
    request = RequestFactory().post("/api/v1/x", {}, HTTP_AUTHORIZATION="Bearer abc")
    assert answered(same_origin, request).content == b"pressed"


@pytest.mark.parametrize("path", ["/orders/", "/accounts/login/", "/technician/sync", "//api/v1/x"])
def test_a_password_that_a_proxy_asked_for_stands_for_no_origin(path: str) -> None:
    """A browser sends it by itself, whichever site has the button."""
    with_password = {"HTTP_AUTHORIZATION": "Basic eDp5", "HTTP_ORIGIN": "http://evil.example"}
    request = RequestFactory().post("/", {}, **with_password)  # type: ignore[arg-type]
    request.path = request.path_info = path
    assert answered(same_origin, request).status_code == 403


@pytest.mark.django_db
def test_the_guard_stands_before_every_address() -> None:
    stranger = Client(headers={"Origin": "http://evil.example"})
    for path in ("/accounts/login/", "/api/v1/service-orders", "/nowhere"):
        assert stranger.post(path).status_code == 403


@pytest.mark.django_db
def test_without_the_guard_the_same_request_gets_further() -> None:
    from django.conf import settings

    name = "callout.config.middleware.same_origin"
    with override_settings(MIDDLEWARE=[one for one in settings.MIDDLEWARE if one != name]):
        stranger = Client(headers={"Origin": "http://evil.example"})
        assert stranger.post("/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("1", 0),
        ("[]", 1),
        ('{"a": [1, {"b": 2}], "c": []}', 3),
        ('"[[[["', 0),
        (r'{"a": "\"[[["}', 1),
        (r'{"a": "\\", "b": [[]]}', 3),
    ],
)
def test_depth_counts_brackets_outside_of_strings(text: str, nested: int) -> None:
    json.loads(text)
    assert depth(text.encode()) == nested


@pytest.mark.parametrize(("brackets", "status"), [(20, 200), (21, 400), (100_000, 400)])
def test_json_nested_too_deeply_is_refused(brackets: int, status: int) -> None:
    body = "[" * brackets + "]" * brackets
    request = RequestFactory().post("/api/v1/x", body, content_type="application/json")
    answer = answered(tame_json, request)
    assert answer.status_code == status
    if status == 400:
        assert json.loads(answer.content)["code"] == "too_deep"


@pytest.mark.wide
def test_a_megabyte_of_flat_json_does_not_take_long() -> None:
    assert middleware.depth(b"[" + b"[]," * 300_000 + b"[]]") == 2


def test_a_strangers_host_writes_no_line(
    client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without those that pytest adds: a logger without any writes to stderr all the same.
    monkeypatch.setattr(logging.getLogger("django.security.DisallowedHost"), "handlers", [])
    assert client.get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400
    assert capsys.readouterr().err == ""


def test_the_policy_is_that_of_the_settings_and_what_a_view_adds() -> None:
    def of(view: Callable[[HttpRequest], HttpResponse]) -> str:
        answer = ContentPolicy(view)(RequestFactory().get("/"))
        assert isinstance(answer, HttpResponse)
        return answer.headers["Content-Security-Policy"]

    def with_map(_request: HttpRequest) -> HttpResponse:
        answer = HttpResponse()
        answer._csp_update = {"connect-src": ["https://map.example"]}  # type: ignore[attr-defined]
        return answer

    def own(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    plain, mapped = of(pressed).split("; "), of(with_map).split("; ")
    assert "default-src 'none'" in plain
    assert "connect-src 'self'" in plain
    assert set(mapped) - set(plain) == {"connect-src 'self' https://map.example"}
    assert of(own) == "default-src 'none'"
    assert of(pressed).split("; ") == plain  # what one page adds, the next has not


def test_texts_come_in_the_language_asked_for_and_the_answer_says_which() -> None:
    def spoken(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    for accept, language in (("nl-BE,nl;q=0.9", "nl"), ("fr", "fr"), ("xx", "en"), ("", "en")):
        request = RequestFactory().get("/orders/", HTTP_ACCEPT_LANGUAGE=accept)
        answer = in_language(spoken)(request)
        assert isinstance(answer, HttpResponse)
        assert (answer.content.decode(), answer.headers["Content-Language"]) == (language, language)
        assert answer.headers["Vary"] == "Accept-Language"


@pytest.mark.wide
@pytest.mark.django_db
def test_what_a_stranger_makes_too_large_is_no_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def sent() -> None:
        stranger = Client(headers={"Origin": "http://testserver"})
        many = {str(number): "x" for number in range(4_000)}
        assert stranger.get("/accounts/login/", many).status_code == 400
        large = {"login": "x" * 1_100_000}
        assert stranger.post("/accounts/login/", large).status_code in {400, 413}
        assert stranger.post("/accounts/login/", many).status_code == 400

    sent()
    assert caplog.records == []
    kinds = ("TooManyFieldsSent", "RequestDataTooBig")
    with contextlib.ExitStack() as control:
        for kind in kinds:
            control.enter_context(caplog.at_level(logging.ERROR, f"django.security.{kind}"))
        sent()
    assert {record.name.rpartition(".")[2] for record in caplog.records} == set(kinds)
