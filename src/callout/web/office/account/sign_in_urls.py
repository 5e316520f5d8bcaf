"""Of allauth's addresses the ones that Callout has: no sign-up, no addresses of one's own (an
admin gives the one address of a user), no sign-in by mailed code."""

from allauth.account.urls import urlpatterns as account_urls
from django.urls import URLPattern, URLResolver, include, path

from callout.web.office.account import own

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

urlpatterns: list[URLPattern | URLResolver] = [
    *[pattern for pattern in account_urls if pattern.name in KEPT],
    path("sessions/", own.security_page, name="usersessions_list"),
    path("language/", own.language_set, name="set_language"),
    path("mfa/", include("allauth.mfa.urls")),
]
