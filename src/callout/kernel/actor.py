"""Who acts. Every service and selector is given one; there is no way to act as nobody."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from callout.kernel.errors import NotSignedIn

Door = Literal["office", "technician", "api", "system", "command"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system) with the rights they have now, and the door they came in by.

    Made by `accounts.selectors.actor_for_user` at each request, so that a change of role or a
    deactivation counts from the very next one. `technician_id` is the technician that this user
    is, if any; `device_id` the phone they act from, in the technician's app.
    """

    user_id: UUID | None
    name: str
    door: Door
    is_manager: bool = False
    is_technician: bool = False
    is_admin: bool = False
    technician_id: UUID | None = None
    token_id: UUID | None = None
    device_id: UUID | None = None
    language: str = "en"

    @classmethod
    def system(cls, name: str, door: Door = "system") -> "Actor":
        """The installation itself: jobs, imports by command. Has a manager's rights."""
        return cls(user_id=None, name=name, door=door, is_manager=True, is_admin=True)


def actor_required(actor: object) -> Actor:
    """`actor` if it is one; NotSignedIn otherwise: no actor, no access."""
    if not isinstance(actor, Actor):
        raise NotSignedIn
    return actor
