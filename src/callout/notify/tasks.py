"""Pushes and mails go out by jobs: another's server may be slow or away, and nobody waits for it.

A job carries ids alone. Done twice, a push comes twice; the phone shows one, by its tag.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from callout.accounts.models import Device, User
from callout.kernel import clock
from callout.kernel.purging import rows_purge
from callout.notify.models import Notice, PushSubscription

QUEUE = "push"
GATHERED = 6  # seconds: several moves of one visit become one word
MAIL_GATHERED = 5 * 60  # seconds: many changes become one mail
GONE = {404, 410}
AGAIN = {408, 425, 429}
MOST_FAILURES = 10  # in a row; then the address is forgotten

NOTICE_DAYS = 90
AT_ONCE = 10_000

log = logging.getLogger(__name__)


@app.periodic(cron="27 3 * * *")
@app.task(name="notify.notices_purge", queue="kernel")
def notices_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """What was told 90 days ago, read or not: what became of the visit is in its order's history.
    In portions."""
    before = clock.now() - timedelta(days=NOTICE_DAYS)
    old = Notice.objects.filter(created_at__lt=before).order_by("created_at")
    return rows_purge(old, AT_ONCE)


class PushNotTaken(Exception):
    """The push service could not take it now: the job is tried again."""


def notice_push_later(notice_id: UUID) -> None:
    """Have the notice pushed a moment after the running change is committed."""
    if settings.VAPID_KEY:
        notice_push.configure(schedule_in={"seconds": GATHERED}).defer(notice_id=str(notice_id))


@app.task(name="notify.notice_push", queue=QUEUE)
def notice_push(notice_id: str) -> None:
    """Hand a notice on to each phone of its technician; outside working hours, when they begin.

    What has been seen, or has given way to a newer one, is not news any more.
    """
    from callout.notify.quiet import awake_from

    notice = Notice.objects.filter(pk=UUID(notice_id), seen_at=None, pushed_at=None).first()
    if notice is None:
        return
    now = clock.now()
    awake = awake_from(notice.technician_id, now)
    if awake is None:
        return
    if awake > now:
        notice_push.configure(schedule_at=awake).defer(notice_id=notice_id)
        return
    with transaction.atomic():
        phones = subscriptions_of(notice).values_list("pk", flat=True)
        for subscription_id in phones:
            push_send.defer(notice_id=notice_id, subscription_id=str(subscription_id))
        if phones:
            Notice.objects.filter(pk=notice.pk).update(pushed_at=now)


def subscriptions_of(notice: Notice) -> "QuerySet[PushSubscription]":
    """Phones that may be told now: the technician's own, signed in, and nobody has ended them."""
    live = Device.objects.filter(
        user__technician=notice.technician_id,
        user__is_active=True,
        user__is_technician=True,
        signed_out_at=None,
        revoked_at=None,
        lost_at=None,
        ended_at=None,
        expires_at__gt=clock.now(),
    )
    return PushSubscription.objects.filter(device__in=live)


# 5 s, 25 s, about two minutes, ten, fifty.
@app.task(
    name="notify.push_send",
    queue=QUEUE,
    retry=RetryStrategy(max_attempts=6, exponential_wait=5),
)
def push_send(notice_id: str, subscription_id: str) -> None:
    """One push to one phone. A browser that is gone is forgotten; what was seen is not pushed."""
    from callout.kernel.outgoing import OutgoingError
    from callout.notify import sending

    notice = Notice.objects.select_related("order").filter(pk=notice_id, seen_at=None).first()
    found = notice and subscriptions_of(notice).filter(pk=subscription_id)
    row = found.select_related("device").first() if found else None
    if notice is None or row is None:
        return
    user = User.objects.get(pk=row.device.user_id)
    try:
        status = sending.push_send(row, notice, user)
    except OutgoingError as error:
        # An address inside the network is none of a browser's: it will not be better later.
        if error.code == "address":
            row.delete()
            return
        _failed(row)
        raise PushNotTaken(error.code) from error
    if status in GONE:
        row.delete()
    elif status < 300:
        PushSubscription.objects.filter(pk=row.pk).exclude(failures=0).update(failures=0)
    else:
        _failed(row)
        if status in AGAIN or status >= 500:
            raise PushNotTaken(str(status))
        log.warning("a push service refused a push: %d", status)


def _failed(row: PushSubscription) -> None:
    PushSubscription.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
    PushSubscription.objects.filter(pk=row.pk, failures__gte=MOST_FAILURES).delete()


# --- mail ----------------------------------------------------------------------------------------


def work_mail_later(technician_id: UUID) -> None:
    """Have the technician told by mail in some minutes: one job waits, however much happens."""
    mark = f"notify.work_mail.{technician_id}"
    later = work_mail.configure(
        queueing_lock=mark, lock=mark, schedule_in={"seconds": MAIL_GATHERED}
    )
    try:
        with transaction.atomic():
            later.defer(technician_id=str(technician_id))
    except AlreadyEnqueued:
        return


# 6 s, half a minute, 4 minutes, 20, two hours, 13 hours: a mail server may be away for a night.
@app.task(
    name="notify.work_mail",
    queue="mail",
    retry=RetryStrategy(max_attempts=7, exponential_wait=6),
)
def work_mail(technician_id: str) -> None:
    """All that is news to the technician, in one mail."""
    from callout.notify.mailing import work_mail_send

    work_mail_send(UUID(technician_id))
