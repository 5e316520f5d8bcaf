"""Mails of this room. Links in them come from CALLOUT_URL alone, never from a request's Host."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from callout.accounts.company import company
from callout.accounts.models import User


def password_link(user: User) -> str:
    """Where `user` sets a password; good for three days and for one use."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "0", "key": "0"})
    return own_url(path.replace("0-0", key))


def own_url(path: str) -> str:
    """`path` under the address that the operator configured."""
    return f"{settings.URL}{path}"


def password_link_send(user: User, kind: str) -> None:
    """The invitation, or the answer to "forgot my password", in the user's language."""
    with translation.override(user.language):
        context = {
            "user": user,
            "link": password_link(user),
            "company": company().name,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        subject = render_to_string(f"accounts/mail/{kind}_subject.txt", context)
        body = render_to_string(f"accounts/mail/{kind}.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[user.email]).send()
