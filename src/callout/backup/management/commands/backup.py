"""`callout backup FILE`: everything in one file, while Callout goes on."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from callout.backup import services
from callout.backup.models import BackupRun
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError

NAMED = 5  # of what is missing, so many are named
INCOMPLETE = 3


class Command(BaseCommand):
    """Ends with status 0, 1 where there is no backup, 3 where there is one that lacks files."""

    help = "Write the database and all attachments into one file; Callout may go on meanwhile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path, help="what is there is replaced when all is well")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say what is in it, and loudly what is not."""
        path = options["file"].absolute()
        actor = Actor.system("callout backup", "command")
        try:
            run, manifest = services.backup_make(actor=actor, path=path, cause=BackupRun.COMMAND)
        except CalloutError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{path}: {run.size / 1e6:,.1f} MB, {run.rows:,} rows of {len(manifest.tables)} tables,"
            f" {run.files:,} attachments."
        )
        self.stdout.write(
            "The keys are not in it (field.key, secret.key, vapid.key, or their settings):"
            " keep them elsewhere. Without the field key access codes cannot be read again."
        )
        lost = [*manifest.missing, *manifest.spoilt]
        if lost:
            named = "\n".join(f"  {one}" for one in lost[:NAMED])
            raise CommandError(
                f"{len(manifest.missing):,} attachments are not in the files' folder and"
                f" {len(manifest.spoilt):,} are there with other bytes than they had."
                f" The backup holds everything else. The first of them:\n{named}",
                returncode=INCOMPLETE,
            )
