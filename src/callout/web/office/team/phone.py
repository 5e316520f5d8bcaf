"""How a technician comes to have the app on a phone."""

from functools import lru_cache

import qrcode
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathImage

from callout.web.access import ActorRequest, manager_page
from callout.web.technician.shell import SCOPE


@require_safe
@manager_page
def phone_setup(request: ActorRequest) -> HttpResponse:
    """The app's address, in words and to be read by a phone's camera, and what to do there."""
    context = {
        "nav": "team",
        "address": _address(),
        "is_here_alone": settings.ALLOWED_HOSTS[0] in ("localhost", "127.0.0.1"),
        "is_https": settings.HTTPS,
    }
    return render(request, "office/team/phone.html", context)


@require_safe
@manager_page
def phone_picture(_request: ActorRequest) -> HttpResponse:
    """The address as a QR code."""
    return HttpResponse(_drawn(_address()), content_type="image/svg+xml")


def _address() -> str:
    return f"{settings.URL}{SCOPE}"


@lru_cache(maxsize=4)
def _drawn(address: str) -> bytes:
    drawn: bytes = qrcode.make(address, image_factory=SvgPathImage).to_string()
    return drawn
