"""`callout demo-reset`: forget everything entered in a demo. Never does so to anything else."""

import shutil
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connections

from callout.config import command
from callout.config.embedded import SUPERUSER
from callout.config.management.commands.serve import only_one


class Command(BaseCommand):
    """Drops the embedded database and the files of the demo's data folder."""

    help = "Forget the demo's data (only with CALLOUT_DEMO=true and the embedded database)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Refused while the demo is being served."""
        if not (settings.DEMO and settings.EMBEDDED):
            raise CommandError("This is no demo: CALLOUT_DEMO=true and no DATABASE_URL make one.")
        with only_one("web"), only_one("worker"):
            connections.close_all()
            server = command.embedded()
            with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS callout WITH (FORCE)")
            # Only what Callout has put there: the folder is the operator's choice.
            for folder in settings.MEDIA_ROOT.glob("[0-9a-f][0-9a-f]"):
                shutil.rmtree(folder)
            server.make_database()
        self.stdout.write("The demo is empty again.")
