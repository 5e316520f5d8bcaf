"""Short secrets at rest: AES-256-GCM under CALLOUT_FIELD_KEY, bound to what they belong to.

A secret copied onto another row does not open there: the row's id is authenticated too. Each
`purpose` has a key of its own.
"""

import hashlib
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORM = b"\x01"  # first byte: how the rest was made, so that it can change one day
NONCE = 12


class WrongKey(Exception):
    """It was sealed with another key, or for something else."""


def seal(purpose: str, secret: str, owner: UUID) -> bytes:
    """`secret` as the database keeps it."""
    nonce = os.urandom(NONCE)
    return FORM + nonce + _cipher(purpose).encrypt(nonce, secret.encode(), owner.bytes)


def unseal(purpose: str, kept: bytes, owner: UUID) -> str:
    """The secret again. WrongKey when it does not open."""
    nonce, rest = kept[1 : 1 + NONCE], kept[1 + NONCE :]
    try:
        if kept[:1] != FORM:
            raise WrongKey
        return _cipher(purpose).decrypt(nonce, rest, owner.bytes).decode()
    except (InvalidTag, ValueError):
        raise WrongKey from None


def _cipher(purpose: str) -> AESGCM:
    # The setting is a long random text; the cipher wants 32 bytes, apart from any other use of it.
    key = f"callout:{purpose}:{settings.FIELD_KEY}"
    return AESGCM(hashlib.sha256(key.encode()).digest())
