"""How allauth is bent to this house: no sign-up, and no address taken from a request."""

import base64
import hashlib
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from callout.accounts import mail, services, tasks
from callout.accounts.backend import known_to_all
from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user

SIGNED_IN = "callout-signed-in"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sign-in by email and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Users are made by an admin."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """The password alone: allauth's own saves the whole row, and with it rights that an admin
        may have taken away since it was read. What else it ends, signals.py ends."""
        user.set_password(password)
        actor = actor_for_user(user, "office")
        services.user_password_keep(actor=actor, user_id=user.pk, hashed=user.password)

    def send_password_reset_mail(
        self,
        user: User,
        email: str,  # noqa: ARG002
        context: dict[str, Any],  # noqa: ARG002
    ) -> None:
        """By a job: a slow mail server keeps nobody waiting, nor tells who has an account."""
        tasks.password_link_later(user, "reset")

    def get_reset_password_from_key_url(self, key: str) -> str:
        path: str = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "0", "key": "0"}
        ).replace("0-0", key)
        return mail.own_url(path)

    def _get_login_attempts_cache_key(
        self,
        request: HttpRequest,  # noqa: ARG002
        **credentials: Any,
    ) -> str:
        """The account alone; allauth's own has the Host in it, and each host a limit of its own."""
        return str(credentials.get("email", "")).strip().lower()

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponseBase | None:
        """Whichever way somebody has shown who they are, those of the demo are none outside it."""
        if known_to_all(user):
            closed: HttpResponseBase = self.respond_user_inactive(request, user)
            return closed
        found: HttpResponseBase | None = super().pre_login(request, user, **how)
        return found

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponseBase:
        """For the Technician App, which opens from what lies on the phone: it asks whose phone this
        is before it shows anything. No secret, and nothing hangs on it but that question."""
        answer: HttpResponseBase = super().post_login(request, user, **how)
        if user.is_technician:
            answer.set_cookie(
                SIGNED_IN, "1", max_age=24 * 3600, path="/technician/",
                secure=settings.HTTPS, samesite="Strict",
            )  # fmt: skip
        return answer

    def is_safe_url(self, url: str | None) -> bool:
        """Where `next` may lead after sign-in: a path of this site, nothing with a host."""
        return bool(url) and str(url).startswith("/") and bool(super().is_safe_url(url))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors: secrets lie encrypted, passkeys belong to the configured address."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return _cipher().decrypt(sealed[:12], sealed[12:], None).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.ALLOWED_HOSTS[0], "name": "Callout"}

    def _get_site_name(self) -> str:
        return "Callout"


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(b"callout:mfa:" + settings.FIELD_KEY.encode()).digest())
