"""System checks: settings that cannot be used, and a database role with too many rights."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections

from callout.accounts.models import User

OLDEST = 150000


def demo_users_outside_a_demo() -> bool:
    """Whether somebody could sign in by a password that the demo prints for everybody."""
    known = User.objects.filter(email__endswith=f"@{settings.DEMO_DOMAIN}", is_active=True)
    return not settings.DEMO and known.exists()


def too_old() -> str:
    """In words, that the server is older than anything this was tried with."""
    found = connections["default"].pg_version // 10000  # type: ignore[attr-defined]
    return f"This is PostgreSQL {found}. Callout needs PostgreSQL {OLDEST // 10000} or newer."


@register()
def settings_are_usable(**_kwargs: Any) -> list[CheckMessage]:
    """Each problem noted while the environment was read."""
    return [
        Error(f"{problem.name} {problem.what}", hint=problem.do, id="callout.E001")
        for problem in settings.ENV.problems
    ]


@register(Tags.database)
def database_is_usable(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The server is new enough, and the app's role does not own what it writes to."""
    if "default" not in (databases or []):
        return []
    connection = connections["default"]
    connection.ensure_connection()
    if connection.pg_version < OLDEST:  # type: ignore[attr-defined]
        return [Error(too_old(), id="callout.E002")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.rolname = current_user"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND (c.relowner = r.oid OR r.rolsuper)"
        )
        owned = cursor.fetchone()[0]
        cursor.execute("SELECT to_regclass('accounts_user')")
        migrated = cursor.fetchone()[0] is not None
    if migrated and demo_users_outside_a_demo():
        hint = "Set CALLOUT_DEMO=true, or use another CALLOUT_DATA or DATABASE_URL."
        words = "The demo company is in this database, and everybody knows its passwords."
        return [Error(words, hint=hint, id="callout.E003")]
    if not owned:
        return []
    hint = (
        "Then nothing keeps the journal from being changed. Give DATABASE_OWNER_URL to"
        " `callout migrate` and a plain role to DATABASE_URL; see docs/operations.md."
    )
    return [CheckWarning("The app's database role owns its tables.", hint=hint, id="callout.W001")]
