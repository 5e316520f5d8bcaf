"""Phones: whose they are, whether they may still ask, and why not."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from callout.accounts import policy
from callout.accounts.models import Device, User
from callout.accounts.selectors import technician_of_user
from callout.kernel import clock
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import NotSignedIn
from callout.kernel.prepared import Given, Prepared

UNSENT_OLD = timedelta(hours=24)  # from then on somebody in the office should hear of it


def device_hash(secret: str) -> str:
    """What is kept of a phone's secret. It has 256 random bits: a plain digest tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Phone:
    """Whoever asks by a phone's secret. `refusal` is empty for who may: see WORDS for the codes."""

    device: Device
    actor: Actor
    refusal: str


def phone_of(secret: str) -> Phone | None:
    """The phone that has this secret, whatever became of it; None for none."""
    if not secret:
        return None
    device = _BY_SECRET.first(hash=device_hash(secret))
    return None if device is None else _phone(device)


def phone_by_id(device_id: UUID) -> Phone | None:
    """The same for the installation itself: who runs later what a phone has sent."""
    device = _BY_ID.first(id=device_id)
    return None if device is None else _phone(device)


_BY_SECRET = Prepared(
    lambda: _with_technician().filter(secret_hash=Given("hash", models.CharField()))
)
_BY_ID = Prepared(lambda: _with_technician().filter(pk=Given("id", models.UUIDField())))


def _with_technician() -> models.QuerySet[Device]:
    rows = Device.objects.select_related("user")
    return rows.annotate(technician_pk=technician_of_user("user_id"))


def _phone(device: Device) -> Phone:
    technician: UUID | None = device.technician_pk  # type: ignore[attr-defined]  # annotated
    user: User = device.user
    actor = Actor(
        user_id=user.pk,
        name=user.name,
        door="technician",
        # Whatever else they are in the office, on the phone they are a technician.
        is_technician=user.is_technician and technician is not None,
        technician_id=technician if user.is_technician else None,
        device_id=device.pk,
        language=user.language,
    )
    return Phone(device, actor, _refusal(device, actor))


def _refusal(device: Device, actor: Actor) -> str:
    if device.lost_at is not None:
        return "lost"
    if device.revoked_at is not None:
        return "revoked"
    if device.signed_out_at is not None or device.expires_at <= clock.now():
        return "not_signed_in"
    # Who is no technician any more has no work here: as good as deactivated.
    if not (device.user.is_active and actor.is_technician):
        return "deactivated"
    return "not_signed_in" if device.ended_at is not None else ""


def refused(code: str) -> NotSignedIn:
    """The refusal in words. The phone acts on the code."""
    words = {
        "lost": _("This phone was reported lost."),
        "revoked": _("This phone was signed out by the office. Sign in again to send your work."),
        "deactivated": _("Your account is not active any more. Ask the office."),
        "other_user": _("Somebody else has signed in on this phone."),
        "not_signed_in": _("Sign in again. What you entered is kept on this phone."),
    }
    return NotSignedIn(words[code], code=code)


def actor_for_device(secret: str) -> Actor:
    """The technician who asks by this secret, with a technician's rights only; else NotSignedIn."""
    phone = phone_of(secret)
    if phone is None:
        raise refused("not_signed_in")
    if phone.refusal:
        raise refused(phone.refusal)
    return phone.actor


def actor_handing_over(secret: str) -> Actor:
    """Whoever is not active any more, to write down what their phone still holds: the one
    exception to immediate revocation. For that door alone, which reads nothing and does nothing."""
    phone = phone_of(secret)
    if phone is None or phone.refusal != "deactivated":
        raise refused((phone and phone.refusal) or "not_signed_in")
    return as_it_was(phone)


def as_it_was(phone: Phone) -> Actor:
    """The technician that the phone's user was, whatever role they have left."""
    technician: UUID | None = phone.device.technician_pk  # type: ignore[attr-defined]  # annotated
    return replace(phone.actor, is_technician=True, technician_id=technician)


def devices_list(*, actor: Actor, user_id: UUID | None = None) -> list[Device]:
    """Phones, last seen first, their user with them: one's own; any for managers and admins.

    Without `user_id` the office has those of everybody that are still signed in.
    """
    policy.no_token(actor)
    actor_required(actor)
    rows = Device.objects.select_related("user").order_by("-last_seen_at", "pk")
    if not (actor.is_manager or actor.is_admin):
        return list(rows.filter(user=actor.user_id))
    if user_id is not None:
        return list(rows.filter(user=user_id))
    return list(rows.filter(signed_out_at=None, ended_at=None, expires_at__gt=clock.now()))


def devices_waiting(*, actor: Actor) -> list[Device]:
    """Phones still signed in whose oldest unsent entry, as they last said, is over a day old."""
    policy.staff(actor)
    now = clock.now()
    rows = waiting_rows(now, now - UNSENT_OLD)
    return list(rows.select_related("user").order_by("unsent_since", "pk"))


def waiting_rows(now: Any, old: Any) -> models.QuerySet[Device]:
    """Those that are still signed in at `now` and keep entries from before `old` to themselves:
    moments, or Given places for them. For selectors that have asked for whom."""
    return Device.objects.filter(
        unsent_since__lt=old,
        signed_out_at=None,
        revoked_at=None,
        lost_at=None,
        ended_at=None,
        expires_at__gt=now,
    )
