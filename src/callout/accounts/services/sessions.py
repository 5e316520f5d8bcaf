import time
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession

from callout.accounts import policy
from callout.accounts.models import User
from callout.accounts.selectors import session_mark
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound

SEEN_EVERY = 300  # seconds


@service
def session_revoke(*, actor: Actor, session_id: int) -> None:
    """End one sign-in, of oneself or (an admin) of anybody."""
    policy.no_token(actor)
    rows = UserSession.objects.select_for_update().filter(pk=session_id)
    if not actor.is_admin:
        rows = rows.filter(user_id=actor.user_id)
    session = rows.first()
    if session is None:
        raise NotFound
    _end(actor, session)


@service
def sessions_end(*, actor: Actor, user_id: UUID, but_key: str | None = None) -> int:
    """End all sign-ins of a user, but for the one with `but_key`; how many were ended."""
    policy.own_or_administer(actor, user_id)
    if not User.objects.filter(pk=user_id).exists():
        raise NotFound
    rows = UserSession.objects.select_for_update().filter(user_id=user_id).order_by("pk")
    ended = [row for row in rows if row.session_key != but_key]
    for row in ended:
        _end(actor, row)
    return len(ended)


def session_end_marked(actor: Actor, user_id: UUID, mark: str) -> None:
    """Within a change: end the user's session of this mark (`session_mark`), if it still holds."""
    if not mark:
        return
    for row in UserSession.objects.select_for_update().filter(user_id=user_id).order_by("pk"):
        if session_mark(row.session_key) == mark:
            _end(actor, row)


def _end(actor: Actor, session: UserSession) -> None:
    session.end()
    journal.record(
        actor,
        entity="user",
        entity_id=session.user_id,
        kind="session_ended",
        facts={"session": session_mark(session.session_key)},
    )


@service
def account_event_record(
    *,
    actor: Actor,
    user_id: UUID,
    kind: str,
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """What allauth did by itself (it writes users and sessions), put in the journal."""
    journal.record(
        actor, entity="user", entity_id=user_id, kind=kind, facts=facts, personal=personal
    )


def session_touch(session: Any) -> None:
    """Note, every five minutes at most, that this session is in use. No change anybody follows."""
    now = int(time.time())  # the real one: presence is no business of a held clock
    seen = session.get("seen")
    if isinstance(seen, int) and now - seen < SEEN_EVERY:
        return
    session["seen"] = now
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=clock.now())
