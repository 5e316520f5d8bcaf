from typing import TypedDict, Unpack
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from callout.accounts import policy, tasks, values
from callout.accounts.models import ApiToken, User
from callout.accounts.services.device_sessions import devices_end, devices_leave
from callout.accounts.services.sessions import sessions_end
from callout.accounts.services.tokens import token_revoke
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import (
    constraint_means,
    fields_set,
    row_lock,
    row_save,
    rows_lock,
    service,
)
from callout.kernel.errors import Forbidden, Invalid, Refused

ADMIN_FIELDS = {"email", "is_manager", "is_technician", "is_admin"}
CHECKED = ("email", "name", "language")

constraint_means(
    "accounts_user_email_key",
    lambda: Invalid({"email": [_("Somebody already signs in with this address.")]}),
)


class UserChanges(TypedDict, total=False):
    """What may be changed of a user; what is left out stays."""

    email: str
    name: str
    language: str
    is_manager: bool
    is_technician: bool
    is_admin: bool
    mail_of_work: bool


@service
def user_create(
    *,
    actor: Actor,
    password: str | None = None,
    invite: bool = False,
    **given: Unpack[UserChanges],
) -> User:
    """Somebody new who may sign in. Without `password`, the invitation's link sets one."""
    policy.administer(actor)
    user = user_made(actor, password, given)
    if invite:
        user_invite(actor=actor, user_id=user.pk)
    return user


def user_made(actor: Actor, password: str | None, given: UserChanges) -> User:
    """The row and its entry; who calls has asked the policy."""
    user = User(**_clean(given))
    values.fields_checked(user, CHECKED)
    _has_a_role(user)
    if password is None:
        user.set_unusable_password()
    else:
        values.password_checked(password, user)
        user.set_password(password)
    user.save(force_insert=True)
    journal.record(
        actor,
        entity="user",
        entity_id=user.pk,
        kind="created",
        facts={"roles": policy.roles_of(user)},
        personal={"name": user.name, "email": user.email},
    )
    return user


@service
def user_update(
    *, actor: Actor, user_id: UUID, version: int | None = None, **given: Unpack[UserChanges]
) -> User:
    """Name, language and mails of one's own account; for an admin everything, of anybody.

    A changed address ends the user's sessions: a reset link sent to the old one is void too.
    """
    policy.own_or_administer(actor, user_id)
    if ADMIN_FIELDS & set(given) and not actor.is_admin:
        raise Forbidden(_("Only an admin may change the address and the roles of a user."))
    if given.get("is_admin") is False:
        _another_admin_stays(user_id)
    user = row_lock(User.objects.all(), user_id, version)
    before = {"name": user.name, "email": user.email}
    changed = fields_set(user, dict(_clean(given)))
    values.fields_checked(user, CHECKED)
    _has_a_role(user)
    if not changed:
        return user
    row_save(user, changed)
    if "email" in changed:
        # allauth keeps addresses of its own, and signs in by them too.
        EmailAddress.objects.filter(user=user).delete()
        sessions_end(actor=actor, user_id=user_id)
    if "is_technician" in changed and not user.is_technician:
        devices_leave(user.pk)
    journal.record(
        actor,
        entity="user",
        entity_id=user.pk,
        kind="updated",
        facts={"fields": changed, "roles": policy.roles_of(user)},
        personal={key: [old, getattr(user, key)] for key, old in before.items() if key in changed},
    )
    return user


@service
def user_password_set(*, actor: Actor, user_id: UUID, password: str) -> None:
    """A new password by an admin; ends all sessions, and phones have to sign in again. Tokens stay:
    they are secrets of their own. One's own password is changed with the old one."""
    policy.administer(actor)
    user = row_lock(User.objects.all(), user_id)
    values.password_checked(password, user)
    user.set_password(password)
    row_save(user, ["password"])
    sessions_end(actor=actor, user_id=user_id)
    devices_end(actor, user_id)
    journal.record(actor, entity="user", entity_id=user.pk, kind="password_set")


@service
def user_password_keep(*, actor: Actor, user_id: UUID, hashed: str) -> None:
    """The password that a user has chosen, `hashed`, and nothing else of the row; phones end with
    it. Who calls has asked for the old one or for the mailed link, and ends the sessions, of which
    one may stay."""
    policy.own_or_administer(actor, user_id)
    user = row_lock(User.objects.all(), user_id)
    user.password = hashed
    row_save(user, ["password"])
    devices_end(actor, user_id)


@service
def user_deactivate(*, actor: Actor, user_id: UUID, version: int | None = None) -> User:
    """Nobody is deleted: the user may not sign in, sessions end, tokens are revoked.

    Their phones are refused; for 30 days they may hand over what they hold, and nothing else.
    """
    policy.administer(actor)
    _another_admin_stays(user_id)
    user = row_lock(User.objects.all(), user_id, version)
    if not user.is_active:
        return user
    user.is_active = False
    row_save(user, ["is_active"])
    sessions_end(actor=actor, user_id=user_id)
    for token in ApiToken.objects.filter(user=user, revoked_at=None).order_by("pk"):
        token_revoke(actor=actor, token_id=token.pk)
    devices_leave(user.pk)
    journal.record(actor, entity="user", entity_id=user.pk, kind="deactivated")
    return user


@service
def user_reactivate(*, actor: Actor, user_id: UUID, version: int | None = None) -> User:
    """The user may sign in again, with the roles and the password they had; tokens stay revoked."""
    policy.administer(actor)
    user = row_lock(User.objects.all(), user_id, version)
    if user.is_active:
        return user
    user.is_active = True
    row_save(user, ["is_active"])
    journal.record(actor, entity="user", entity_id=user.pk, kind="reactivated")
    return user


@service
def user_invite(*, actor: Actor, user_id: UUID) -> None:
    """Send the mail with the link that sets a first password (or a new one)."""
    policy.administer(actor)
    user = row_lock(User.objects.all(), user_id)
    if not user.is_active:
        raise Refused(_("Reactivate this user before sending an invitation."), code="inactive")
    tasks.password_link_later(user, "invite")
    journal.record(actor, entity="user", entity_id=user.pk, kind="invited")


def _clean(given: UserChanges) -> UserChanges:
    clean = given.copy()
    if "email" in clean:
        clean["email"] = values.email(clean["email"])
    if "name" in clean:
        clean["name"] = values.line(clean["name"])
    return clean


def _has_a_role(user: User) -> None:
    if not policy.roles_of(user):
        raise Invalid(_("Give this user at least one role: manager, technician or admin."))


def _another_admin_stays(user_id: UUID) -> None:
    """Refused when this user is the only admin left.

    All admins are locked, so of two who remove each other at the same moment the second waits and
    then finds itself alone. Taken before the user's own row, always in the order of the ids.
    """
    admins = [user.pk for user in rows_lock(User.objects.filter(is_admin=True, is_active=True))]
    if admins == [user_id]:
        raise Refused(
            _("This is the last active admin. Make somebody else an admin first."),
            code="last_admin",
        )
