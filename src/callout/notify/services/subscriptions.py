"""Where a phone's browser takes pushes: its own phone says so, and nobody else."""

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.utils.translation import gettext as _

from callout.accounts.models import Device
from callout.accounts.services.device_sessions import device_record
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.checks import Wrong, cleaned, text
from callout.kernel.errors import NotFound
from callout.kernel.outgoing import OutgoingError, target_of
from callout.notify.models import PushSubscription


@service
def push_subscribe(*, actor: Actor, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """Push to this phone from now on, at the address that its browser gave.

    The address is a user's word: it must be https, and `kernel.outgoing` has the last one.
    """
    device = _own(actor)
    values = cleaned(FIELDS, {"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
    # One address is one browser: whoever used this one before is told nothing here any more.
    PushSubscription.objects.filter(endpoint=values["endpoint"]).exclude(device=device).delete()
    row = PushSubscription.objects.filter(device=device).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    row, _made = PushSubscription.objects.update_or_create(
        device=device, defaults={**values, "failures": 0}
    )
    device_record(actor, device, "device_push_on")
    return row


@service
def push_unsubscribe(*, actor: Actor) -> None:
    """No more pushes to this phone. Twice is no fault."""
    device = _own(actor)
    gone, _by_model = PushSubscription.objects.filter(device=device).delete()
    if gone:
        device_record(actor, device, "device_push_off")


def _own(actor: Actor) -> Device:
    if actor.device_id is None or actor.user_id is None:
        raise NotFound
    return row_lock(Device.objects.filter(user=actor.user_id), actor.device_id)


def _endpoint(value: Any) -> str:
    given: str = text(1000, required=True)(value)
    try:
        target = target_of(given)
    except OutgoingError as error:
        raise Wrong(error.message) from error
    if target.scheme != "https":
        raise Wrong(_("This is not an address that may be asked."))
    return given


def _public_key(value: Any) -> str:
    given: str = text(200, required=True)(value)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw(given))
    except ValueError:
        raise Wrong(_("This is no key of a browser.")) from None
    return given


def _secret(value: Any) -> str:
    given: str = text(60, required=True)(value)
    try:
        known = len(raw(given)) == 16
    except ValueError:
        known = False
    if not known:
        raise Wrong(_("This is no key of a browser."))
    return given


def raw(value: str) -> bytes:
    """The bytes of a base64url text, padded or not. ValueError for anything else."""
    try:
        whole = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
        return base64.b64decode(whole.encode("ascii"), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(value) from error


FIELDS = {"endpoint": _endpoint, "p256dh": _public_key, "auth": _secret}
