"""What allauth does to users and sessions by itself, put in the journal; and other sessions ended
where a password changes. The live hub closes streams by these entries."""

import logging
import time
from typing import Any
from uuid import UUID

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest

from callout.accounts import services
from callout.accounts.door import door_of
from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user, session_mark
from callout.kernel.actor import Actor

log = logging.getLogger(__name__)


def connect() -> None:
    """Called once when the application is ready."""
    auth_signals.user_logged_in.connect(signed_in)
    auth_signals.user_logged_out.connect(signed_out)
    auth_signals.user_login_failed.connect(sign_in_failed)
    account_signals.password_changed.connect(password_changed)
    account_signals.password_set.connect(password_changed)
    account_signals.password_reset.connect(password_reset)
    mfa_signals.authenticator_added.connect(mfa_added)
    mfa_signals.authenticator_removed.connect(mfa_removed)
    mfa_signals.authenticator_reset.connect(mfa_reset)
    mfa_signals.authentication_failed.connect(mfa_failed)


def signed_in(request: HttpRequest | None, user: User, **_rest: object) -> None:
    if request is None:
        return
    request.session["seen"] = int(time.time())
    _record(request, user, "signed_in", session=_mark(request))


def signed_out(request: HttpRequest | None, user: User | None, **_rest: object) -> None:
    if request is not None and user is not None and user.is_active:
        _record(request, user, "signed_out", session=_mark(request))


def sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: object
) -> None:
    """In the journal for an account there is; else in the log, without what was typed: people
    type passwords into the wrong field."""
    typed = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=typed).first() if "\x00" not in typed else None
    if user is None:
        log.warning("sign-in failed: no such account, from %s", _ip(request))
        return
    door = door_of(request.path) if request else "command"
    _record_as(Actor(user_id=None, name="sign-in", door=door), user.pk, "sign_in_failed", request)


def password_changed(request: HttpRequest, user: User, **_rest: object) -> None:
    """By its owner: this session stays, the others end."""
    services.sessions_end(
        actor=actor_for_user(user, door_of(request.path)),
        user_id=user.pk,
        but_key=request.session.session_key,
    )
    _record(request, user, "password_changed")


def password_reset(request: HttpRequest, user: User, **_rest: object) -> None:
    """By the mailed link: all sessions end, the thief's too."""
    services.sessions_end(actor=actor_for_user(user, door_of(request.path)), user_id=user.pk)
    _record(request, user, "password_reset")


def mfa_added(request: HttpRequest, user: User, authenticator: Any, **_rest: object) -> None:
    _record(request, user, "mfa_added", type=str(authenticator.type))


def mfa_removed(request: HttpRequest, user: User, authenticator: Any, **_rest: object) -> None:
    _record(request, user, "mfa_removed", type=str(authenticator.type))


def mfa_reset(request: HttpRequest, user: User, authenticator: Any, **_rest: object) -> None:
    _record(request, user, "mfa_reset", type=str(authenticator.type))


def mfa_failed(request: HttpRequest, user: User, **_rest: object) -> None:
    _record(request, user, "sign_in_failed", step="mfa")


def _record(request: HttpRequest, user: User, kind: str, **facts: str) -> None:
    actor = actor_for_user(user, door_of(request.path))
    _record_as(actor, user.pk, kind, request, **facts)


def _record_as(
    actor: Actor, user_id: UUID, kind: str, request: HttpRequest | None, **facts: str
) -> None:
    services.account_event_record(
        actor=actor, user_id=user_id, kind=kind, facts=dict(facts), personal={"ip": _ip(request)}
    )


def _mark(request: HttpRequest) -> str:
    return session_mark(request.session.session_key or "")


def _ip(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""
