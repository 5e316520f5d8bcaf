from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from callout.accounts.models import User
from callout.accounts.selectors import user_signed_in
from callout.accounts.sessions import user_read


def known_to_all(user: User) -> bool:
    """Whether the demo prints this user's password, and this is no demo."""
    return user.email.endswith(f"@{settings.DEMO_DOMAIN}") and not settings.DEMO


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's sign-in; the user of a session is read with their technician in one query."""

    def user_can_authenticate(self, user: User) -> bool:
        """Who may sign in. allauth's own pages go on with whoever may not, if the password is
        right, and ask the adapter once more."""
        return bool(super().user_can_authenticate(user)) and not known_to_all(user)

    def get_user(self, user_id: Any) -> User | None:
        """None for who was deactivated: their sessions are nobody's from the next request on."""
        return user_read(user_id) or user_signed_in(user_id)
