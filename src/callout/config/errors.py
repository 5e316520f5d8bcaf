"""How an error looks that no view has answered: problem details, a fragment, or a page.

Errors of the domain are answered by their doors; what comes here is the rest: wrong addresses,
refused requests, a database that is down.
"""

import json
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header


def answer(
    status: int, code: str, message: str, *, path: str, headers: Mapping[str, str]
) -> tuple[str, bytes]:
    """Content type and body of an error, in the form that whoever asked can read."""
    if path.startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
                   "detail": message, "code": code}  # fmt: skip
        return "application/problem+json", json.dumps(problem).encode()
    if headers.get("HX-Request") or headers.get("hx-request"):
        fragment = format_html('<p class="alert alert-danger" role="alert">{}</p>', message)
        return "text/html; charset=utf-8", fragment.encode()
    context = {"status": status, "code": code, "message": message}
    return "text/html; charset=utf-8", render_to_string("error.html", context).encode()


def language_of(accept: str) -> str:
    """The first language of an Accept-Language header that Callout speaks."""
    known = dict(settings.LANGUAGES)
    for code, _quality in parse_accept_lang_header(accept[:200].lower()):
        if code.split("-")[0] in known:
            return code.split("-")[0]
    return settings.LANGUAGE_CODE


def refusal(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    """The same as a Django response."""
    kind, body = answer(status, code, message, path=request.path, headers=request.headers)
    return HttpResponse(body, content_type=kind, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django refused to read the request."""
    if isinstance(exception, RequestDataTooBig):
        return refusal(request, 413, "too_large", _("This is too large."))
    return refusal(request, 400, "bad_request", _("This request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Not allowed, whoever asks."""
    return refusal(request, 403, "forbidden", _("You may not do this."))


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without its token: mostly one that was opened before signing in again."""
    message = _("This form has expired. Go back, reload the page and send it again.")
    return refusal(request, 403, "form_expired", message)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Not there, or not the reader's: the two are never told apart."""
    message = _("There is nothing here, or it is not yours.")
    return refusal(request, 404, "not_found", message)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that does not answer is not our mistake: 503, and it may be tried again."""
    # Django calls this while it handles the exception.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        message = _("The database does not answer. Nothing was changed; try again in a moment.")
        response = refusal(request, 503, "database_down", message)
        response["Retry-After"] = "5"
        return response
    message = _("Something went wrong here. It has been noted; try again.")
    return refusal(request, 500, "server_error", message)


def in_words_of(headers: Mapping[str, str]) -> Any:
    """A context in which texts come in the language that these headers ask for."""
    return translation.override(language_of(headers.get("accept-language", "")))
