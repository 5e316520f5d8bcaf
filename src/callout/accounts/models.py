from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from callout.kernel import clock
from callout.kernel.models import Entity

LANGUAGES = [("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch")]
COMPANY_ID = UUID(int=1)


def first_time_zone() -> str:
    """What the operator set for a company that has not chosen yet."""
    return settings.TIME_ZONE


def first_language() -> str:
    return settings.LANGUAGE_CODE


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in compares addresses as they are stored: lower-cased."""
        return self.get(email=(username or "").lower())


class User(Entity, AbstractBaseUser):
    """Somebody who signs in. Deactivated, never deleted: the journal names them for ever."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    is_manager = models.BooleanField(default=False)
    is_technician = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False)
    # Whether a technician is told by mail too what the office planned, moved or cancelled.
    mail_of_work = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # What Django's admin asks. It is the developers' tool, off unless a setting says otherwise,
    # and then an admin's only; no permission tables stand behind it.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.is_admin and bool(settings.ADMIN)

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return self.is_staff


class ApiToken(Entity):
    """A program's key: the rights of its owner and no more, until it expires or is revoked."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_over(self) -> bool:
        return self.expires_at <= clock.now()


class Company(Entity):
    """The company that this installation serves. One row, made when it is first changed."""

    id = models.UUIDField(primary_key=True, default=COMPANY_ID, editable=False)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default=first_time_zone)
    language = models.CharField(max_length=8, choices=LANGUAGES, default=first_language)
    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, default="BE")
    number_prefix = models.CharField(max_length=12, blank=True, default="SO-")
    number_digits = models.PositiveSmallIntegerField(default=6)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=100, blank=True)
    # Somebody has put the list of first steps away.
    first_steps_away = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=COMPANY_ID), name="company_is_one"),
            models.CheckConstraint(
                condition=models.Q(number_digits__gte=1, number_digits__lte=12),
                name="company_number_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MailState(models.Model):
    """How mail fares: one row, written by whoever sends. No addresses, no words of a mail."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sent_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # nothing has gone out since
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="mail_state_one")]


class Device(Entity):
    """A phone (or browser) that somebody signed in on for the technician's app, and for that alone.

    Its secret lies in a cookie of the app's own; here only its hash. `expires_at` slides with use.
    What is `unsent` was last reported by the phone itself: `unsent_since` is its oldest entry.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    # Of the office's session by which it signed in: a revoked phone loses that one too.
    session_mark = models.CharField(max_length=16, blank=True)
    app = models.CharField(max_length=40, blank=True)  # the build that it runs
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    signed_out_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)  # told to forget everything it holds
    ended_at = models.DateTimeField(null=True)  # by a new password, until it has signed in again
    position_consent_at = models.DateTimeField(null=True)
    clock_offset_ms = models.BigIntegerField(null=True)  # server's clock less the phone's
    unsent_commands = models.PositiveIntegerField(default=0)
    unsent_files = models.PositiveIntegerField(default=0)
    unsent_bytes = models.PositiveBigIntegerField(default=0)
    unsent_since = models.DateTimeField(null=True)
    # What came by the hand-over, after the user was deactivated; it is capped.
    handed_over_commands = models.PositiveIntegerField(default=0)
    handed_over_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="device_user")]

    def __str__(self) -> str:
        return self.name
