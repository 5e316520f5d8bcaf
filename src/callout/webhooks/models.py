from datetime import datetime
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q

from callout.kernel import clock
from callout.kernel.models import Entity


class Webhook(Entity):
    """Where another program is told of some events. `secret` is sealed; so are those before it, in
    `old_secrets`, each of which signs beside it `until` its day is over, the last `old_until`."""

    BY_HAND, FAILING, GONE = "", "failing", "gone"

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=1000)
    events = models.JSONField(default=list)  # names, or "*"
    is_on = models.BooleanField(default=True)
    off_why = models.CharField(max_length=10, blank=True)  # why it was switched off by itself
    secret = models.BinaryField()
    old_secrets = models.JSONField(default=list)  # [{"kept": in base64, "until": when}]
    old_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # nothing has got through since

    def __str__(self) -> str:
        return self.name

    def old_valid(self, now: datetime) -> list[dict[str, str]]:
        """Of the old secrets those whose day is not over, as they are kept."""
        return [one for one in self.old_secrets if datetime.fromisoformat(one["until"]) > now]

    @property
    def host(self) -> str:
        """What journal and logs may say of the address: a path may hold somebody's key. Told also
        of one that may not be asked any more."""
        return urlsplit(self.address).hostname or ""


class Delivery(Entity):
    """One event for one webhook, until it has been taken or three days are over."""

    WAITING, TAKEN, GIVEN_UP = "waiting", "taken", "given_up"
    STATES = [(state, state) for state in (WAITING, TAKEN, GIVEN_UP)]

    # A webhook goes at once, and its log, which may be very long, in portions: `tasks.log_remove`.
    webhook = models.ForeignKey(
        Webhook, models.DO_NOTHING, related_name="deliveries", db_constraint=False
    )
    entry_id = models.BigIntegerField(null=True)  # of the journal; none for a test
    event = models.CharField(max_length=80)
    body = models.TextField()  # the same at every try, so that its signature says something
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    began_at = models.DateTimeField(default=clock.now)  # three days count from here
    next_at = models.DateTimeField(null=True, default=clock.now)
    tries = models.PositiveIntegerField(default=0)
    # Of the last try: when, the status or else why there was none, how it began, how long it took.
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            # An entry that is read again is no second delivery.
            models.UniqueConstraint(fields=["webhook", "entry_id"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | (~Q(state="waiting") & Q(next_at=None)),
                name="delivery_next",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "next_at"], name="delivery_due", condition=Q(state="waiting")
            ),
            models.Index(F("webhook"), F("id").desc(), name="delivery_log"),
            # Few among very many: what waits, and what was given up.
            models.Index(
                F("webhook"),
                F("state"),
                F("id").desc(),
                name="delivery_untaken",
                condition=Q(state__in=["waiting", "given_up"]),
            ),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]
