"""Every address of Callout that Django answers; asgi.py answers the rest before it."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "callout.config.errors.bad_request"
handler403 = "callout.config.errors.forbidden"
handler404 = "callout.config.errors.not_found"
handler500 = "callout.config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("callout.web.office.account.sign_in_urls")),
    path("api/v1/", include("callout.web.api.urls")),
    path("technician/", include("callout.web.technician.urls")),
    path("files/technician/", include("callout.web.technician.file_urls")),
    path("", include("callout.web.office.urls")),
]

if settings.ADMIN:
    from django.contrib import admin

    urlpatterns.append(path("admin/", admin.site.urls))
