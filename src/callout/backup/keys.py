"""By which marks a backup knows the keys it belongs to, though it holds none of them."""

import hashlib
import hmac

from django.conf import settings


def marks() -> dict[str, str]:
    """A mark for each key of this installation; from it the key cannot be told."""
    keys = {
        "field": settings.FIELD_KEY,
        "secret": settings.SECRET_KEY,
        "push": settings.VAPID_KEY,
    }
    return {
        name: hmac.new(key.encode(), b"callout:backup", hashlib.sha256).hexdigest()[:16]
        for name, key in keys.items()
        if key
    }
