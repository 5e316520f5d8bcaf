"""How a technician comes to have the app on a phone."""

from base64 import b64encode
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
    """The app's address, to be read by a phone's camera, and what to do there."""
    address = f"{settings.URL}{SCOPE}"
    context = {
        "nav": "team",
        "address": address,
        "picture": _picture(address),
        "is_here_alone": settings.ALLOWED_HOSTS[0] in ("localhost", "127.0.0.1"),
        "is_https": settings.HTTPS,
    }
    return render(request, "office/team/phone.html", context)


@lru_cache(maxsize=4)
def _picture(address: str) -> str:
    """The address as a QR code: an SVG in a data URL."""
    drawn = qrcode.make(address, image_factory=SvgPathImage).to_string()
    return f"data:image/svg+xml;base64,{b64encode(drawn).decode()}"
