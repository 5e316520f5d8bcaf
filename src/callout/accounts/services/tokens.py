import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts import policy, values
from callout.accounts.models import ApiToken, User
from callout.accounts.selectors import TOKEN_MARK, token_hash
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, service
from callout.kernel.errors import Invalid, NotFound, Refused

DAYS = 365
MAX_DAYS = 5 * 365


@service
def token_create(
    *, actor: Actor, name: str, user_id: UUID | None = None, days: int = DAYS
) -> tuple[ApiToken, str]:
    """A new key and, this once, its text. For oneself, or by an admin for another."""
    owner = user_id or actor.user_id
    if owner is None:
        raise NotFound
    policy.own_or_administer(actor, owner)
    user = row_lock(User.objects.all(), owner)
    if not user.is_active:
        raise Refused(_("A deactivated user cannot have a token."), code="inactive")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid({"days": [_("A token lasts from 1 day to 5 years.")]})
    plain = TOKEN_MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        name=values.line(name),
        prefix=plain[: len(TOKEN_MARK) + 4],
        hash=token_hash(plain),
        expires_at=clock.now() + timedelta(days=days),
    )
    values.fields_checked(token, ["name"])
    token.save(force_insert=True)
    _record(actor, token, "created")
    return token, plain


@service
def token_revoke(*, actor: Actor, token_id: UUID) -> None:
    """The key opens nothing from the next request on. Revoking twice is no fault."""
    policy.no_token(actor)
    rows = ApiToken.objects.all()
    if not actor.is_admin:
        rows = rows.filter(user__pk=actor.user_id) if actor.user_id else rows.none()
    token = row_lock(rows, token_id)
    if token.revoked_at is not None:
        return
    token.revoked_at = clock.now()
    row_save(token, ["revoked_at"])
    _record(actor, token, "revoked")


def _record(actor: Actor, token: ApiToken, kind: str) -> None:
    journal.record(
        actor,
        entity="api_token",
        entity_id=token.pk,
        kind=kind,
        facts={"user": str(token.user_id), "expires_at": token.expires_at.isoformat()},
        personal={"name": token.name},
    )
