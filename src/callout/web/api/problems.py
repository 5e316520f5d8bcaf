"""Every refusal as RFC 9457 problem details, with a stable code and words for the person."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from callout.kernel.errors import CalloutError, Invalid, NotFound, NotSignedIn, Stale, TooLarge

MEDIA_TYPE = "application/problem+json"
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "30"}}

# Names that the rooms below know otherwise than who sends them.
SENT_AS = {"cursor": "after"}


class Malformed(CalloutError):
    """What was sent is not JSON."""

    status = 400
    code = "malformed"


class WrongContentType(CalloutError):
    status = 415
    code = "wrong_content_type"


class MethodNotAllowed(CalloutError):
    status = 405
    code = "method_not_allowed"


def problem(error: CalloutError) -> dict[str, Any]:
    """The body of an answer that says why not."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    if isinstance(error, Invalid):
        body["errors"] = [
            {"field": SENT_AS.get(field, field), "message": message}
            for field, messages in error.fields.items()
            for message in messages
        ]
    if isinstance(error, Stale):
        body["current"] = error.current
    return {**error.extra, **body}


def refused(error: CalloutError) -> HttpResponse:
    """`error` as an answer."""
    return problem_answer(error.status, problem(error))


def problem_answer(status: int, body: Mapping[str, Any]) -> HttpResponse:
    """The problem `body` with the headers that go with its status."""
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, headers=HEADERS.get(status, {})
    )


def register(api: NinjaAPI) -> None:
    """Word everything that ninja, or a view, may raise. The rest is Django's 500 and 503."""
    api.add_exception_handler(CalloutError, _callout_error)
    api.add_exception_handler(ValidationError, _validation_error)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(Http404, lambda _request, _error: refused(NotFound()))
    api.add_exception_handler(RequestDataTooBig, lambda _request, _error: refused(too_large()))


def too_large() -> TooLarge:
    return TooLarge(_("This is too large."))


def _callout_error(_request: HttpRequest, error: Any) -> HttpResponse:
    return refused(error)


def _http_error(_request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja wraps what our parser raised, and has an error of its own for nobody."""
    if isinstance(error.__cause__, CalloutError):
        return refused(error.__cause__)
    if isinstance(error.__cause__, RequestDataTooBig):
        return refused(too_large())
    if error.status_code == 401:
        return refused(NotSignedIn())
    return refused(Malformed(_("This request cannot be understood.")))


def _validation_error(_request: HttpRequest, error: Any) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for wrong in error.errors:
        fields.setdefault(_field(wrong["loc"]), []).append(_words(wrong))
    return refused(Invalid(fields))


def _field(loc: tuple[Any, ...]) -> str:
    """`start`, `days.0.1`: without where it was read from, and the name of our own parameter."""
    names = [str(part) for part in loc[1:] if part not in {"body", "filters"}]
    return ".".join(names)


Words = Callable[[Mapping[str, Any]], str]
WORDS: dict[str, Words] = {
    "missing": lambda _ctx: _("This is needed."),
    "extra_forbidden": lambda _ctx: _("There is no such field."),
    "string_type": lambda _ctx: _("Give a text."),
    "string_too_long": lambda ctx: _("At most %(max_length)d characters.") % ctx,
    "bool_type": lambda _ctx: _("Say true or false."),
    "bool_parsing": lambda _ctx: _("Say true or false."),
    "int_type": lambda _ctx: _("Give a whole number."),
    "int_parsing": lambda _ctx: _("Give a whole number."),
    "int_from_float": lambda _ctx: _("Give a whole number."),
    "float_type": lambda _ctx: _("Give a number."),
    "list_type": lambda _ctx: _("Give a list."),
    "too_long": lambda ctx: _("At most %(max_length)d of them.") % ctx,
    "model_attributes_type": lambda _ctx: _("Give an object."),
    "model_type": lambda _ctx: _("Give an object."),
    "uuid_type": lambda _ctx: _("This is not an id."),
    "uuid_parsing": lambda _ctx: _("This is not an id."),
    "literal_error": lambda ctx: _("Choose one of: %(expected)s.") % ctx,
    "greater_than_equal": lambda ctx: _("Not below %(ge)s.") % ctx,
    "less_than_equal": lambda ctx: _("Not above %(le)s.") % ctx,
    "value_error": lambda ctx: str(ctx["error"]),  # raised by our own checks, in words
}


def _words(wrong: Mapping[str, Any]) -> str:
    words = WORDS.get(wrong["type"])
    return words(wrong.get("ctx", {})) if words else _("This value cannot be.")
