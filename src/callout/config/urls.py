"""Every address of Callout that Django answers; asgi.py answers the rest before it."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "callout.config.errors.bad_request"
handler403 = "callout.config.errors.forbidden"
handler404 = "callout.config.errors.not_found"
handler500 = "callout.config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("callout.web.office.account.sign_in_urls")),
]
for prefix, module in [
    ("api/v1/", "callout.web.api.urls"),
    ("technician/", "callout.web.technician.urls"),
    ("", "callout.web.office.urls"),
]:
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))

if settings.ADMIN:
    from django.contrib import admin

    urlpatterns.append(path("admin/", admin.site.urls))
