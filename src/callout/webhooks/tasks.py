"""Webhooks are sent by jobs, one at a time for each, in hands of their own (`queue_apart`): there
are as many of these as there may be webhooks, so that a slow one keeps nobody waiting."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from callout.accounts.models import User
from callout.kernel import clock
from callout.kernel.jobs import queue_apart
from callout.kernel.purging import rows_purge
from callout.webhooks.models import Delivery, Webhook

QUEUE = "webhooks"
MOST = 10  # webhooks
LOG_DAYS = 30
AT_ONCE = 10_000

queue_apart(QUEUE, MOST)


def sending_later(webhook_id: UUID) -> None:
    """Have its deliveries sent, once the running change is committed. At most one job of it waits
    while another runs; should one be lost, `webhooks.due` finds what is due."""
    mark = f"webhooks.{webhook_id}"
    try:
        with transaction.atomic():
            sending.configure(lock=mark, queueing_lock=mark).defer(webhook_id=str(webhook_id))
    except AlreadyEnqueued:
        return


@app.task(name="webhooks.sending", queue=QUEUE)
def sending(webhook_id: str) -> None:
    """Send what is due. Killed between the answer and its being noted, it is sent again, with the
    same id."""
    from callout.webhooks.sending import deliveries_send

    if deliveries_send(UUID(webhook_id)):
        sending_later(UUID(webhook_id))


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.due", queue="kernel")
def due(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """The next tries whose time has come."""
    waiting = Delivery.objects.filter(state=Delivery.WAITING, next_at__lte=clock.now())
    # Asked webhook by webhook: there are few of these, and of deliveries perhaps many.
    webhooks = [
        pk
        for pk in Webhook.objects.filter(is_on=True).order_by("pk").values_list("pk", flat=True)
        if waiting.filter(webhook=pk).exists()
    ]
    for pk in webhooks:
        sending_later(pk)
    return len(webhooks)


@app.periodic(cron="37 3 * * *")
@app.task(name="webhooks.log_purge", queue="kernel")
def log_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Deliveries of 30 days ago, and what is left of webhooks that were removed. In portions."""
    before = clock.now() - timedelta(days=LOG_DAYS)
    old = Delivery.objects.filter(created_at__lt=before).order_by("created_at")
    return rows_purge(old, AT_ONCE) + sum(map(log_remove, _removed()))


def _removed() -> list[str]:
    """Webhooks that are no more and have a log still: its job has broken off, or a delivery was
    being made in that moment. Found from one to the next in an index, however many rows each has.
    """
    found, logs = [], Delivery.objects.order_by("webhook_id").values_list("webhook_id", flat=True)
    pk = logs.first()
    while pk is not None:
        # Asked after its delivery was seen: a webhook is there before it has any.
        if not Webhook.objects.filter(pk=pk).exists():
            found.append(str(pk))
        pk = logs.filter(webhook_id__gt=pk).first()
    return found


@app.task(name="webhooks.log_remove", queue="kernel")
def log_remove(webhook_id: str) -> int:
    """All deliveries of a webhook that was removed. In portions. One that was being made in that
    moment is sent nowhere, and goes in the night (`log_purge`), as all does if this breaks off."""
    return rows_purge(Delivery.objects.filter(webhook=UUID(webhook_id)).order_by("-id"), AT_ONCE)


@app.task(
    name="webhooks.off_mail", queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=4)
)
def off_mail(webhook_id: str) -> None:
    """Tell the admins that a webhook was switched off: to each a job of their own, so that none is
    told twice because another could not be told."""
    for admin in User.objects.filter(is_admin=True, is_active=True).order_by("pk"):
        off_mail_to.defer(webhook_id=webhook_id, user_id=str(admin.pk))


@app.task(
    name="webhooks.off_mail_to",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def off_mail_to(webhook_id: str, user_id: str) -> None:
    """The mail to one of them, unless it has been switched on or removed meanwhile."""
    from callout.accounts.mail import mail_send, own_url

    row = Webhook.objects.filter(pk=UUID(webhook_id), is_on=False).exclude(off_why="").first()
    user = User.objects.filter(pk=UUID(user_id), is_admin=True, is_active=True).first()
    if row is not None and user is not None:
        link = own_url(reverse("office:webhook", kwargs={"webhook_id": row.pk}))
        context = {"name": row.name, "gone": row.off_why == Webhook.GONE, "link": link}
        mail_send(user, "webhooks/mail/off", context)
