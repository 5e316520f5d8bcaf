"""Signatures as Standard Webhooks say: https://www.standardwebhooks.com, version v1."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from uuid import UUID

from callout.kernel.sealing import seal, unseal

MARK = "whsec_"
BYTES = 32
PURPOSE = "webhook"


def secret_new() -> str:
    """A secret as its receiver enters it."""
    return MARK + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def secret_seal(secret: str, webhook_id: UUID) -> bytes:
    """The secret as the database keeps it."""
    return seal(PURPOSE, secret, webhook_id)


def secret_open(kept: bytes, webhook_id: UUID) -> str:
    """The secret again. sealing.WrongKey when CALLOUT_FIELD_KEY is another one by now."""
    return unseal(PURPOSE, kept, webhook_id)


def signatures(opened: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header webhook-signature: one for each secret that is valid."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.digest(_key(one), signed, hashlib.sha256)).decode()
        for one in opened
    )


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(MARK))
