"""The installation's own key for Web Push (VAPID): push services know who sends by it."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02


@lru_cache(maxsize=4)
def vapid_of(private: str) -> Vapid02:
    """The key that the setting holds, ready to sign with."""
    return Vapid02.from_raw(private.encode())


def push_key() -> str:
    """The public half, as a phone's browser wants it to subscribe; "" where no pushes are sent."""
    if not settings.VAPID_KEY:
        return ""
    public = vapid_of(settings.VAPID_KEY).public_key
    raw = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
