"""Who may do what with accounts. Every service and selector of this room asks here."""

from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden, NotFound


def no_token(actor: Actor) -> None:
    """Forbidden for a program's key: whoever steals one must not be able to make it last."""
    if actor_required(actor).token_id is not None:
        raise Forbidden(_("An API token cannot see or change accounts. Sign in with a browser."))


def administer(actor: Actor) -> None:
    """Forbidden but for an admin who signed in, or the installation itself."""
    no_token(actor)
    if not actor.is_admin:
        raise Forbidden(_("Only an admin may do this."))


def own_or_administer(actor: Actor, user_id: UUID) -> None:
    """One's own account, or an admin. To anybody else the account is not there."""
    no_token(actor)
    if actor.user_id != user_id and not actor.is_admin:
        raise NotFound


def staff(actor: Actor) -> None:
    """Forbidden but for the office: managers and admins."""
    if not (actor_required(actor).is_manager or actor.is_admin):
        raise Forbidden(_("Only a manager may do this."))


def roles_of(user: User) -> list[str]:
    """The roles as codes, for the journal."""
    names = ("manager", "technician", "admin")
    return [name for name in names if getattr(user, f"is_{name}")]
