"""What the app and the server say to each other, as JSON."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from callout.accounts.services.device_sessions import DAYS
from callout.kernel.errors import CalloutError


class Unreadable(CalloutError):
    """Not what the app sends."""

    code = "unreadable"


def unreadable() -> Unreadable:
    """The words for it."""
    return Unreadable(_("This request cannot be understood."))


def said(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that the app sent. Unreadable for anything else."""
    if request.content_type != "application/json":
        raise unreadable()
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise unreadable() from None
    if not isinstance(body, dict) or body.get("callout") != 1:
        raise unreadable()
    return body


def answered(**facts: Any) -> HttpResponse:
    """An answer that the app knows for ours."""
    body = orjson.dumps({"callout": 1, **facts})
    return HttpResponse(body, content_type="application/json")


def paths() -> Mapping[str, str]:
    """The cookies of a phone, and which addresses each is sent to."""
    return {
        settings.DEVICE_COOKIE_NAME: "/technician/",
        settings.DEVICE_FILES_COOKIE_NAME: "/files/technician/",
    }


def cookies_set(answer: HttpResponse, secret: str) -> None:
    """Give the phone its secret, for the days that it is good."""
    for name, path in paths().items():
        answer.set_cookie(
            name, secret, max_age=DAYS * 24 * 3600, path=path,
            secure=settings.HTTPS, httponly=True, samesite="Strict",
        )  # fmt: skip


def cookies_clear(answer: HttpResponse) -> None:
    """Take the secret back."""
    for name, path in paths().items():
        answer.delete_cookie(name, path=path, samesite="Strict")
