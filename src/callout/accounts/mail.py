"""Every mail goes out here. Links come from CALLOUT_URL alone, never from a request's Host."""

from smtplib import SMTPException
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from callout.accounts.company import company
from callout.accounts.mail_state import mail_failed, mail_went
from callout.accounts.models import User
from callout.accounts.zone import company_zone


class MailNotSent(Exception):
    """The mail server did not take it: the job is tried again. Its own words may hold an address,
    and logs hold none."""


def password_link(user: User) -> str:
    """Where `user` sets a password; good for three days and for one use."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "0", "key": "0"})
    return own_url(path.replace("0-0", key))


def own_url(path: str) -> str:
    """`path` under the address that the operator configured."""
    return f"{settings.URL}{path}"


def password_link_send(user: User, kind: str) -> None:
    """The invitation, or the answer to "forgot my password"."""
    mail_send(
        user,
        f"accounts/mail/{kind}",
        {"link": password_link(user), "days": settings.PASSWORD_RESET_TIMEOUT // 86_400},
    )


def mail_send(user: User, template: str, context: dict[str, Any]) -> None:
    """One mail to one user, in their language and the company's time zone.

    `template` names a text and its subject; the HTML beside it says the same words.
    """
    with translation.override(user.language), timezone.override(company_zone()):
        known = {"user": user, "company": company().name, **context}
        subject = render_to_string(f"{template}_subject.txt", known)
        body = render_to_string(f"{template}.txt", known).strip() + "\n"
        shown = {"paragraphs": _paragraphs(body), "language": user.language}
        html = render_to_string("accounts/mail/alternative.html", shown)
    # A subject is one line, whatever stands in the names that it holds.
    message = EmailMultiAlternatives(" ".join(subject.split()), body, to=[user.email])
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as error:  # an address that no mail can carry, too
        mail_failed(error)
        raise MailNotSent(f"{type(error).__name__} {getattr(error, 'smtp_code', '')}") from None
    mail_went()


def _paragraphs(body: str) -> list[list[tuple[str, bool]]]:
    """The lines of each paragraph, and whether one is a link: our own alone on its line, nothing
    that somebody has typed."""
    return [
        [(line, line.startswith(f"{settings.URL}/") and " " not in line) for line in lines]
        for lines in (part.splitlines() for part in body.split("\n\n"))
        if any(lines)
    ]
