"""Access codes of sites at rest: sealed, and bound to their site."""

from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.errors import Unavailable
from callout.kernel.sealing import WrongKey, seal, unseal

PURPOSE = "site-code"


def encrypt(code: str, site_id: UUID) -> bytes:
    """`code` as the database keeps it."""
    return seal(PURPOSE, code, site_id)


def decrypt(kept: bytes, site_id: UUID) -> str:
    """The code again. Unavailable when the key is not the one it was kept with."""
    try:
        return unseal(PURPOSE, kept, site_id)
    except WrongKey:
        raise Unavailable(
            _("The code was kept with another key (CALLOUT_FIELD_KEY). Enter it again.")
        ) from None
