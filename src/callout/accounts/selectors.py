"""What is read of accounts, and the making of the actor that everything else asks about."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.db.models.expressions import BaseExpression
from django.utils.translation import gettext as _

from callout.accounts import policy
from callout.accounts.devices import device_name
from callout.accounts.models import COMPANY_ID, ApiToken, Company, User
from callout.kernel import clock
from callout.kernel.actor import Actor, Door, actor_required
from callout.kernel.errors import NotFound, NotSignedIn
from callout.kernel.models import Installation
from callout.kernel.prepared import Given, Prepared

TOKEN_MARK = "callout_"  # noqa: S105 - what a key starts with, so that a leaked one is recognised
SEEN_EVERY = timedelta(minutes=1)

# --- the actor -----------------------------------------------------------------------------------

# Which technician a user is, the room above knows. It puts here how to ask for it within the one
# query that reads the user anyway: an expression, given the name of the column with the user's id.
TechnicianOf = Callable[[str], BaseExpression]
_technician_of: TechnicianOf | None = None


def technician_found_by(expression: TechnicianOf) -> None:
    """Called once by workforce, at start."""
    global _technician_of
    _technician_of = expression


def technician_of_user(column: str) -> BaseExpression:
    """Which technician the user of this column is, within a query that reads users anyway."""
    if _technician_of is None:
        return models.Value(None, output_field=models.UUIDField(null=True))
    return _technician_of(column)


def user_signed_in(user_id: UUID | str) -> User | None:
    """The active user of a session, with the technician they are: the one query of a request."""
    return _SIGNED_IN.first(user=user_id)


def manager_still(actor: Actor) -> bool:
    """Whether who began something long as a manager is one at this moment."""
    user = user_signed_in(actor.user_id) if actor.user_id else None
    return user is not None and user.is_manager


def users_signed_in() -> models.QuerySet[User]:
    """Who may be signed in, each with the technician they are."""
    return User.objects.filter(is_active=True).annotate(technician_pk=technician_of_user("pk"))


_SIGNED_IN = Prepared(lambda: users_signed_in().filter(pk=Given("user", models.UUIDField())))


def actor_for_user(user: object, door: Door) -> Actor:
    """The actor that `user` is now. NotSignedIn for nobody, and for who is deactivated."""
    if not isinstance(user, User) or not user.is_active:
        raise NotSignedIn
    if not hasattr(user, "technician_pk"):
        return actor_for_user(user_signed_in(user.pk), door)
    return _actor([getattr(user, name) for name in ACTS], user.technician_pk, door)


# What of a user says what they may, in the order in which `_actor` takes it.
ACTS = ("pk", "name", "is_manager", "is_technician", "is_admin", "language")


def _actor(
    user: Sequence[Any], technician: UUID | None, door: Door, token_id: UUID | None = None
) -> Actor:
    user_id, name, is_manager, is_technician, is_admin, language = user
    return Actor(
        user_id=user_id,
        name=name,
        door=door,
        is_manager=is_manager,
        is_technician=is_technician,
        is_admin=is_admin,
        # A technician's work is shown to who has the role, not to who had it once.
        technician_id=technician if is_technician else None,
        token_id=token_id,
        language=language,
    )


def token_hash(plain: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain digest cannot be guessed."""
    return hashlib.sha256(plain.encode()).hexdigest()


def actor_for_token(plain: str) -> Actor:
    """The owner of a live token, with the owner's present rights and no more; else NotSignedIn."""
    now = clock.now()
    found = _LIVE_TOKEN.first(hash=token_hash(plain), now=now)
    if found is None:
        raise NotSignedIn(_("This token is unknown, expired or revoked."))
    token_id, last_used_at, technician, *user = found
    _token_seen(token_id, last_used_at, now)
    return _actor(user, technician, "api", token_id)


_LIVE_TOKEN = Prepared(
    lambda: (
        ApiToken.objects.annotate(technician_pk=technician_of_user("user_id"))
        .filter(
            hash=Given("hash", models.CharField()),
            revoked_at=None,
            expires_at__gt=Given("now", models.DateTimeField()),
            user__is_active=True,
        )
        .values_list("pk", "last_used_at", "technician_pk", *(f"user__{name}" for name in ACTS))
    )
)


def _token_seen(token_id: UUID, last_used_at: datetime | None, now: datetime) -> None:
    """Note the use, once a minute at most: a busy program must not write at every request."""
    if last_used_at is None or last_used_at < now - SEEN_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
        ApiToken.objects.filter(stale, pk=token_id).update(last_used_at=now)


# --- users ---------------------------------------------------------------------------------------


def users_list(*, actor: Actor, query: str = "", active: bool | None = None) -> list[User]:
    """All users for an admin, by name, with the technician each is (`technician_pk`)."""
    policy.administer(actor)
    rows = User.objects.annotate(technician_pk=technician_of_user("pk")).order_by("name", "pk")
    if active is not None:
        rows = rows.filter(is_active=active)
    if query.strip():
        rows = rows.filter(Q(name__icontains=query.strip()) | Q(email__icontains=query.strip()))
    return list(rows)


def user_get(*, actor: Actor, user_id: UUID) -> User:
    """One's own account, or any for an admin."""
    policy.own_or_administer(actor, user_id)
    user = User.objects.annotate(technician_pk=technician_of_user("pk")).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def user_by_email(*, actor: Actor, email: str) -> User:
    """The user who signs in with this address."""
    policy.administer(actor)
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound(_("Nobody signs in with this address."))
    return user


def there_is_a_user() -> bool:
    """Whether the first admin has been made; until then the set-up page is open."""
    return User.objects.exists()


def setup_is_open() -> bool:
    """Whether a set-up code was given out and nobody has used one yet."""
    given = Installation.objects.filter(pk=1).exclude(setup_code_hash="").exists()
    return given and not there_is_a_user()


def company_get(*, actor: Actor) -> Company:
    """The company's row as it stands, for the form that changes it."""
    policy.administer(actor)
    return Company.objects.filter(pk=COMPANY_ID).first() or Company()


# --- tokens and sessions -------------------------------------------------------------------------


def tokens_list(*, actor: Actor, user_id: UUID | None = None) -> list[ApiToken]:
    """The tokens of one user (oneself by default) that are not revoked, newest first."""
    owner = _own(actor, user_id)
    rows = ApiToken.objects.filter(user_id=owner, revoked_at=None)
    return list(rows.order_by("-created_at"))


def tokens_good(*, actor: Actor) -> int:
    """How many keys of one's own open something at this moment."""
    rows = ApiToken.objects.filter(user_id=_own(actor, None), revoked_at=None)
    return rows.filter(expires_at__gt=clock.now()).count()


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A sign-in that still holds."""

    id: int
    device: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def sessions_list(
    *, actor: Actor, user_id: UUID | None = None, current_key: str = ""
) -> list[SessionSeen]:
    """Where one user (oneself by default) is signed in now, last seen first."""
    rows = list(
        UserSession.objects.filter(user_id=_own(actor, user_id)).order_by("-last_seen_at", "-pk")
    )
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now()
        ).values_list("session_key", flat=True)
    )
    return [
        SessionSeen(
            id=row.pk,
            device=device_name(row.user_agent),
            ip=row.ip,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=hmac.compare_digest(row.session_key, current_key),
        )
        for row in rows
        if row.session_key in alive
    ]


def _own(actor: Actor, user_id: UUID | None) -> UUID:
    owner = user_id or actor_required(actor).user_id
    if owner is None:
        raise NotFound
    policy.own_or_administer(actor, owner)
    return owner


def session_mark(session_key: str) -> str:
    """What the journal and the live hub call a session: never the key, which would open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
