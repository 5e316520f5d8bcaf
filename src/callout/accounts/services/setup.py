import base64
import hashlib
import hmac
import secrets

from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.accounts.selectors import there_is_a_user
from callout.accounts.services.users import user_made
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import Forbidden, Invalid, Refused
from callout.kernel.ids import uuid7
from callout.kernel.models import Installation


@service
def setup_code_create(*, actor: Actor) -> str:
    """A fresh one-time code for the first admin; `serve` prints it. Refused once there is a user.

    The code before it, if any, is void. 160 random bits, kept hashed.
    """
    if actor.door not in ("system", "command"):
        raise Forbidden
    row = _installation()
    _nobody_yet()
    plain = base64.b32encode(secrets.token_bytes(20)).decode()
    row.setup_code_hash = _hash(plain)
    row.save(update_fields=["setup_code_hash"])
    journal.record(actor, entity="installation", entity_id=row.epoch, kind="setup_code_created")
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


@service
def first_admin_create(*, actor: Actor, code: str, email: str, name: str, password: str) -> User:
    """The first user, an admin and manager, by whoever holds the code that `serve` printed.

    The actor is nobody yet: the code is the right. The installation's row is locked, so that of
    two who send it at the same moment one finds that there is a user already.
    """
    row = _installation()
    _nobody_yet()
    if not row.setup_code_hash or not hmac.compare_digest(row.setup_code_hash, _hash(code)):
        raise Invalid({"code": [_("This is not the code that the server printed.")]})
    user = user_made(
        Actor(user_id=None, name=actor.name, door=actor.door),
        password,
        {"email": email, "name": name, "is_admin": True, "is_manager": True},
    )
    row.setup_code_hash = ""
    row.save(update_fields=["setup_code_hash"])
    return user


def _installation() -> Installation:
    Installation.objects.get_or_create(pk=1, defaults={"epoch": uuid7()})
    return Installation.objects.select_for_update(no_key=True).get(pk=1)


def _nobody_yet() -> None:
    if there_is_a_user():
        raise Refused(_("This installation already has its first admin."), code="already_set_up")


def _hash(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
