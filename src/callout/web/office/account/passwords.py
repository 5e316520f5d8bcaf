"""Where somebody chooses another password, the old one or a mailed link in hand. The pages are
allauth's; ours say besides what a new password does not end."""

from typing import Any

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user, tokens_good


class PasswordPage(PasswordChangeView):  # type: ignore[misc]  # allauth is untyped
    """By who is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "tokens": _tokens(self.request.user)}


class PasswordByMailPage(PasswordResetFromKeyView):  # type: ignore[misc]  # allauth is untyped
    """By who has opened the mailed link."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {**found, "tokens": _tokens(self.reset_user) if self.reset_user else 0}


def _tokens(user: User) -> int:
    return tokens_good(actor=actor_for_user(user, "office"))
