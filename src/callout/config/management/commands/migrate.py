"""`callout migrate`: as the owning role; afterwards the app's role gets its rights."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import connection

from callout.config import checks
from callout.config.ownership import as_owner, grant_to_app


class Command(migrate.Command):
    """Django's command, with the roles of docs/operations.md around it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, make the cache table, grant."""
        with as_owner() as app_role:
            if connection.pg_version < checks.OLDEST:  # type: ignore[attr-defined]
                raise CommandError(checks.too_old())
            super().handle(*args, **options)
            call_command("createcachetable", verbosity=0)
            if not options.get("plan") and not options.get("check_unapplied"):
                grant_to_app(app_role)
