"""What stands before every view: two guards, the language, the policy for what a page may load."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from callout.config.errors import refusal

Handler = Callable[[HttpRequest], HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
API = "/api/"
# How csp marks an answer whose policy is not that of the settings.
OWN_POLICY = {"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"}


def same_origin(get_response: Handler) -> Handler:
    """Other sites can't press our buttons: a changing request must name exactly our origin.

    SameSite cookies alone let another port of the same host through. A program needs no origin:
    in the API no cookie counts beside an Authorization header. Anywhere else it does count, and a
    browser sends that header by itself once a proxy before us has asked for a password.
    """

    def guard(request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE or from_program(request) or ours(request):
            return get_response(request)
        return refusal(request, 403, "other_origin", _("This request came from another site."))

    return guard


def from_program(request: HttpRequest) -> bool:
    """Whether it asks the API with an Authorization header, beside which nothing else counts."""
    return "Authorization" in request.headers and request.path_info.startswith(API)


def ours(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this."""
    origin = request.headers.get("Origin", "")
    return (
        origin in settings.OWN_ORIGINS
        and urlsplit(origin).netloc == request.headers.get("Host", urlsplit(origin).netloc)
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and request.content_type != "text/plain"
    )


def tame_json(get_response: Handler) -> Handler:
    """JSON nested deeper than anything of ours is refused before a parser meets it."""

    def guard(request: HttpRequest) -> HttpResponseBase:
        is_json = (request.content_type or "").endswith("json")
        if is_json and depth(request.body) > settings.JSON_DEPTH:
            return refusal(request, 400, "too_deep", _("This JSON is nested too deeply."))
        return get_response(request)

    return guard


def depth(body: bytes) -> int:
    """How deep the brackets outside of strings nest; stops counting when it is too deep."""
    level = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            in_string = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            level += 1
            deepest = max(deepest, level)
            if deepest > settings.JSON_DEPTH:
                break
        elif byte in b"]}":
            level -= 1
    return deepest


def in_language(get_response: Handler) -> Handler:
    """Texts come in the language that the browser asks for, until it is known who asks. Django's
    own looks for a language in the address too, and we have none there."""

    def spoken(request: HttpRequest) -> HttpResponseBase:
        translation.activate(translation.get_language_from_request(request))
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return spoken


class ContentPolicy(CSPMiddleware):
    """The policy of the settings is written once, not for each answer: only a view that adds to it
    has its own."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """The header, as the settings have it or as the view changed it."""
        if OWN_POLICY.isdisjoint(vars(response)) and "_csp_nonce" not in vars(request):
            response.headers.setdefault(HEADER, self._policy)
            return response
        return super().process_response(request, response)
