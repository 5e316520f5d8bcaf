"""Mail that a user asked for. The job carries whose link it is, never the link: that is a secret
until it is used, and jobs are kept for a while."""

from typing import Any, Literal
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from callout.accounts.models import User

Kind = Literal["invite", "reset"]


# 4 s, 16 s, about a minute, four, seventeen: a mail server may be away for a while.
@app.task(
    name="accounts.password_link",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def password_link(user_id: str, kind: Kind) -> None:
    """Send the link that sets a password, if the user may still sign in."""
    from callout.accounts import mail

    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is not None:
        mail.password_link_send(user, kind)


@app.task(name="accounts.mail_test", queue="mail")
def mail_test(user_id: str) -> None:
    """A mail to the admin who asked for it, once."""
    from callout.accounts import mail

    user = User.objects.filter(pk=UUID(user_id), is_active=True, is_admin=True).first()
    if user is not None:
        mail.mail_send(user, "accounts/mail/test", {"link": mail.own_url("/settings/mail/")})


def password_link_later(user: User, kind: Kind) -> Any:
    """Have it sent once the running change is committed (the job is a row of the same database)."""
    return password_link.defer(user_id=str(user.pk), kind=kind)
