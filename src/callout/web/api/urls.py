"""The addresses of the API, below /api/v1/. Each answer is JSON, or problem details."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from callout.kernel.errors import NotFound
from callout.web.api.api import PREFIX, api
from callout.web.api.docs import docs_page, docs_style, openapi_file
from callout.web.api.forms import forms_known
from callout.web.api.problems import MethodNotAllowed, refused

app_name = "api"
View = Callable[..., HttpResponseBase]


def answered(view: View) -> View:
    """`view` with what ninja leaves open: HEAD, 405 in words, and that nothing may be stored."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"  # the server leaves the body out
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = asked
        if response.status_code == 405:
            allowed = response.headers["Allow"]
            response = refused(MethodNotAllowed(_("This address takes %s.") % allowed))
            response["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    return csrf_exempt(wrapped)  # the API's own door asks for the token: see access.py


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponseBase:
    """Every other address."""
    return refused(NotFound())


routes: list[URLPattern] = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
for pattern in routes:
    pattern.callback = answered(pattern.callback)
forms_known(api, PREFIX)

urlpatterns: list[URLPattern] = [
    path("docs", answered(docs_page), name="docs"),
    path("docs.css", docs_style, name="docs-style"),
    path("openapi.json", answered(openapi_file), name="openapi"),
    *routes,
    re_path("", nothing),
]
