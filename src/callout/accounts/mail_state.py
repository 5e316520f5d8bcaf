"""Whether mail goes out, for admins to see. Written beside the mails, not by any change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts import policy
from callout.accounts.models import MailState
from callout.kernel import clock
from callout.kernel.actor import Actor

QUEUE = "mail"
OFTEN = timedelta(minutes=1)  # more is not written down of what goes well


@dataclass(frozen=True, slots=True)
class MailShown:
    """What the page of the settings says of mail. `server` is "" where mails are only printed."""

    server: str
    sender: str
    sent_at: datetime | None
    failing_since: datetime | None
    failure: str
    waiting: int  # that were tried already
    given_up: int  # of the last 30 days


def mail_went() -> None:
    """A mail was taken by the server."""
    now = clock.now()
    row, _made = MailState.objects.get_or_create(pk=1)
    if row.failing_since or row.sent_at is None or now - row.sent_at > OFTEN:
        MailState.objects.filter(pk=1).update(sent_at=now, failing_since=None)


def mail_failed(error: Exception) -> None:
    """A mail was not taken: by which kind of error, and the server's number for it, no words."""
    now = clock.now()
    words = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
    MailState.objects.get_or_create(pk=1)
    MailState.objects.filter(pk=1).update(failed_at=now, failure=words[:80])
    MailState.objects.filter(pk=1, failing_since=None).update(failing_since=now)


def mail_shown(*, actor: Actor) -> MailShown:
    """How mail fares. Two queries."""
    policy.administer(actor)
    row = MailState.objects.filter(pk=1).first() or MailState()
    jobs = ProcrastinateJob.objects.filter(queue_name=QUEUE)
    tried = Q(status="todo", attempts__gt=0)
    counts = jobs.filter(tried | Q(status="failed")).values_list("status", flat=True)[:1_000]
    states = list(counts)
    host = getattr(settings, "EMAIL_HOST", "") if "smtp" in settings.EMAIL_BACKEND else ""
    return MailShown(
        server=f"{host}:{settings.EMAIL_PORT}" if host else "",
        sender=settings.DEFAULT_FROM_EMAIL,
        sent_at=row.sent_at,
        failing_since=row.failing_since,
        failure=row.failure,
        waiting=states.count("todo"),
        given_up=states.count("failed"),
    )


def mail_is_failing(*, actor: Actor) -> bool:
    """Whether nothing has gone out since some failure. One query."""
    policy.administer(actor)
    return MailState.objects.exclude(failing_since=None).exists()
