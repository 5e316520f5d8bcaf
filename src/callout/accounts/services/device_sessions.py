"""Phones that are signed in for the technician's app: made, seen, ended, lost.

What a phone may do is asked at each of its requests (accounts/device_selectors.py), so whatever is
written here counts from the very next one.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Least
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from callout.accounts import policy
from callout.accounts.company import company
from callout.accounts.device_selectors import device_hash, refused
from callout.accounts.devices import device_name
from callout.accounts.models import Device, User
from callout.accounts.selectors import session_mark
from callout.accounts.services.sessions import session_end_marked
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, rows_lock, service
from callout.kernel.errors import Forbidden, NotFound, Refused

DAYS = 90  # without contact; each use begins them anew
HANDOVER_DAYS = 30  # a deactivated user's phone may hand over what it holds
MOST = 20  # phones of one user at a time, and new ones in a day
GOING: dict[str, Any] = {
    "signed_out_at": None, "revoked_at": None, "lost_at": None, "ended_at": None
}  # fmt: skip


@service
def device_sign_in(
    *,
    actor: Actor,
    user_agent: str,
    before: str = "",
    session_key: str = "",
    session_hash: str = "",
) -> tuple[Device, str]:
    """A phone of the actor's for the technician's app, and its secret, told this once.

    `before` is the secret that the browser still has: a phone that signs in again (after its
    session ran out) stays the same one, with a new secret. `session_key` is of the office's session
    in the same browser, which ends with the phone's when that is revoked or lost; `session_hash` is
    what that session knows of the password, which may be another one by now.
    """
    policy.no_token(actor)
    if not actor.is_technician or actor.technician_id is None:
        raise Forbidden(_("This page is for technicians."))
    user = row_lock(User.objects.all(), str(actor.user_id))
    if session_hash and not constant_time_compare(session_hash, user.get_session_auth_hash()):
        raise refused("not_signed_in")
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    device = _same_phone(user, before)
    if device is None:
        live = Q(expires_at__gt=now, **GOING)
        # Who signs out and in again all day does not fill the lists, or the desk, by that.
        new = Q(created_at__gt=now - timedelta(days=1))
        if Device.objects.filter(live | new, user=user).count() >= MOST:
            raise Refused(
                _("You are signed in on too many phones. Sign out of one of them first."),
                code="too_many_devices",
            )
        device = Device(user=user)
    device.secret_hash = device_hash(secret)
    with translation.override(company().language):  # the office reads it
        device.name = device_name(user_agent)
    device.session_mark = session_mark(session_key) if session_key else ""
    device.last_seen_at, device.expires_at = now, now + timedelta(days=DAYS)
    device.ended_at = None
    device.save()
    device_record(actor, device, "device_signed_in")
    return device, secret


def _same_phone(user: User, secret: str) -> Device | None:
    """The phone of this secret, if it is the user's own and nobody has ended it."""
    if not secret:
        return None
    rows = Device.objects.filter(user=user, revoked_at=None, lost_at=None, signed_out_at=None)
    return rows.filter(secret_hash=device_hash(secret)).select_for_update(no_key=True).first()


def device_touch(
    device_id: UUID, *, app: str = "", offset_ms: int | None = None, unsent: Mapping[str, Any]
) -> None:
    """Note that the phone spoke, and what it says it still holds. No change anybody follows.

    `unsent`: commands, files, bytes, since (the oldest entry's time).
    """
    now = clock.now()
    since: datetime | None = unsent["since"]
    Device.objects.filter(pk=device_id).update(
        last_seen_at=now,
        expires_at=now + timedelta(days=DAYS),
        app=app,
        clock_offset_ms=offset_ms,
        unsent_commands=unsent["commands"],
        unsent_files=unsent["files"],
        unsent_bytes=unsent["bytes"],
        unsent_since=since,
    )


@service
def device_consent(*, actor: Actor, position: bool) -> Device:
    """Whether this phone may say where it is, while its technician is on duty."""
    device = _own(actor)
    if (device.position_consent_at is not None) == position:
        return device
    device.position_consent_at = clock.now() if position else None
    row_save(device, ["position_consent_at"])
    device_record(actor, device, "device_consented" if position else "device_consent_withdrawn")
    return device


@service
def device_sign_out(*, actor: Actor) -> None:
    """End this phone, by itself."""
    device = _own(actor)
    device.signed_out_at = clock.now()
    row_save(device, ["signed_out_at"])
    device_record(actor, device, "device_signed_out")


@service
def device_revoke(*, actor: Actor, device_id: UUID) -> Device:
    """Refuse the phone, and the office in the same browser, from the next request on: it takes a
    password to come back. What it has not sent stays on it, unsent.

    For its owner in the office's browser, and for managers and admins. Twice is no fault.
    """
    device = _managed(actor, device_id)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        row_save(device, ["revoked_at"])
        session_end_marked(actor, device.user_id, device.session_mark)
        device_record(actor, device, "device_revoked")
    return device


@service
def device_lose(*, actor: Actor, device_id: UUID) -> Device:
    """The phone is lost: refused, and told to forget everything it holds when it next asks."""
    device = _managed(actor, device_id)
    if device.lost_at is None:
        device.lost_at = clock.now()
        row_save(device, ["lost_at"])
        session_end_marked(actor, device.user_id, device.session_mark)
        device_record(actor, device, "device_lost")
    return device


def devices_end(actor: Actor, user_id: UUID) -> None:
    """Within a change: the user's phones are refused until they have signed in again, as the phones
    that they were. What they hold stays on them and is sent then, or handed over where the user is
    active no more. `expires_at` is left alone: a phone that just speaks moves it."""
    now = clock.now()
    for device in rows_lock(Device.objects.filter(user=user_id, expires_at__gt=now, **GOING)):
        device.ended_at = now
        row_save(device, ["ended_at"])
        device_record(actor, device, "device_ended")


def devices_leave(user_id: UUID) -> None:
    """The user is no technician any more: their phones may hand over, for a while."""
    until = clock.now() + timedelta(days=HANDOVER_DAYS)
    Device.objects.filter(user=user_id).update(expires_at=Least("expires_at", until))


def _own(actor: Actor) -> Device:
    if actor.device_id is None:
        raise NotFound
    return row_lock(Device.objects.filter(user=actor.user_id), actor.device_id)


def _managed(actor: Actor, device_id: UUID) -> Device:
    policy.no_token(actor)
    rows = Device.objects.all()
    if not (actor.is_manager or actor.is_admin):
        rows = rows.filter(user=actor.user_id)
    return row_lock(rows, device_id)


def device_record(actor: Actor, device: Device, kind: str) -> None:
    """Within a change: what happened to a phone, in its user's journal."""
    journal.record(
        actor,
        entity="user",
        entity_id=device.user_id,
        kind=kind,
        facts={"device": str(device.pk)},
        personal={"name": device.name},
    )
