"""Access codes of sites at rest: AES-256-GCM, bound to their site.

A code copied onto another site's row does not open there: the site's id is authenticated too.
"""

import hashlib
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from callout.kernel.errors import Unavailable

FORM = b"\x01"  # first byte: how the rest was made, so that it can change one day
NONCE = 12


def encrypt(code: str, site_id: UUID) -> bytes:
    """`code` as the database keeps it."""
    nonce = os.urandom(NONCE)
    return FORM + nonce + _cipher().encrypt(nonce, code.encode(), site_id.bytes)


def decrypt(kept: bytes, site_id: UUID) -> str:
    """The code again. Unavailable when the key is not the one it was kept with."""
    nonce, rest = kept[1 : 1 + NONCE], kept[1 + NONCE :]
    try:
        if kept[:1] != FORM:
            raise InvalidTag
        return _cipher().decrypt(nonce, rest, site_id.bytes).decode()
    except (InvalidTag, ValueError):
        raise Unavailable(
            _("The code was kept with another key (CALLOUT_FIELD_KEY). Enter it again.")
        ) from None


def _cipher() -> AESGCM:
    # The setting is a long random text; the cipher wants 32 bytes, apart from any other use of it.
    return AESGCM(hashlib.sha256(b"callout:site-code:" + settings.FIELD_KEY.encode()).digest())
