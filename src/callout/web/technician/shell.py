"""The app's frame: a page with no data in it, its service worker, its manifest.

The page is the same bytes for everybody who reads one language, so that its hash is known to the
service worker: what a captive portal puts in its place is never kept.
"""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.kernel.errors import CalloutError
from callout.web.access import device_actor, public_page
from callout.web.ui import assets, phone_build
from callout.web.ui.strings_phone import phone_texts

SCOPE = "/technician/"
# The page's ground, as --co-bg in tokens.css says: browsers colour their own frame with it.
GROUND = {"light": "#f4f5f7", "dark": "#0e1217"}


@require_safe
@public_page
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the app: one address, whatever it shows."""
    content = _shell(_language_of(request), phone_build.build(), settings.STATIC_URL)
    answer = HttpResponse(content)
    answer["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return _fresh(answer)


@require_safe
@public_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with what it is to keep in front: another list is another version."""
    language = _language_of(request)
    content = _shell(language, phone_build.build(), settings.STATIC_URL)
    hashed = phone_build.integrity(content)
    url = f"{SCOPE}?language={language}"
    kept = {
        "shell": {"url": url, "revision": hashed, "integrity": hashed},
        "files": phone_build.files(),
    }
    script = f"self.__callout = {json.dumps(kept)};\n{phone_build.worker()}"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = SCOPE
    return _fresh(answer)


@require_safe
@public_page
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone needs to know to put the app on the home screen."""
    with translation.override(_language_of(request)):
        told = {
            "id": SCOPE,
            "name": "Callout",
            "short_name": "Callout",
            "description": _("My interventions, with or without a signal"),
            "lang": translation.get_language(),
            "start_url": SCOPE,
            "scope": SCOPE,
            "display": "standalone",
            "background_color": GROUND["light"],
            "theme_color": GROUND["light"],
            "icons": [
                _icon("app-192.png", "192x192", "any"),
                _icon("app-512.png", "512x512", "any"),
                _icon("app-maskable-512.png", "512x512", "maskable"),
            ],
        }
    return _fresh(JsonResponse(told, content_type="application/manifest+json"))


def _icon(name: str, sizes: str, purpose: str) -> dict[str, Any]:
    return {"src": assets.url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}


def _fresh(answer: HttpResponse) -> HttpResponse:
    """Asked for anew each time: the worker is what keeps it."""
    answer["Cache-Control"] = "no-cache"
    patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    return answer


def _language_of(request: HttpRequest) -> str:
    """The one asked for in the address; else that of the phone's user, of the session, of the
    browser."""
    asked = request.GET.get("language", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    if getattr(request, "actor", None) is None:
        try:
            return device_actor(request).language
        except CalloutError:
            pass  # no phone of ours, or not any more: the app will hear of it
    return translation.get_language() or settings.LANGUAGE_CODE


@lru_cache(maxsize=16)
def _shell(language: str, build: str, _static: str) -> bytes:
    with translation.override(language):
        context = {"build": build, "ground": GROUND, "scope": SCOPE, "texts": phone_texts()}
        return render_to_string("technician/shell.html", context).encode()
