"""Of allauth's addresses the ones that Callout has: no sign-up, no addresses of one's own (an
admin gives the one address of a user), no sign-in by mailed code."""

from allauth.account.urls import urlpatterns as account_urls
from django.urls import URLPattern, URLResolver, include, path

from callout.web.office.account import own
from callout.web.office.account.passwords import PasswordByMailPage, PasswordPage

KEPT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

OURS = {
    "account_change_password": PasswordPage.as_view(),
    "account_reset_password_from_key": PasswordByMailPage.as_view(),
}


def _kept(pattern: URLPattern) -> URLPattern:
    view = OURS.get(pattern.name or "", pattern.callback)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


urlpatterns: list[URLPattern | URLResolver] = [
    *[_kept(pattern) for pattern in account_urls if pattern.name in KEPT],
    path("sessions/", own.security_page, name="usersessions_list"),
    path("language/", own.language_set, name="set_language"),
    path("mfa/", include("allauth.mfa.urls")),
]
