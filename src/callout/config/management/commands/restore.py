"""`callout restore FILE`: a backup brought back, all of it or nothing."""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from callout.backup import form, keys, restoring
from callout.backup.holding import Held
from callout.config.edge import health
from callout.config.management.commands.serve import only_one
from callout.config.ownership import as_owner
from callout.fieldwork.services.uploads import uploads_reopen
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError


class Command(BaseCommand):
    """With all of Callout stopped."""

    help = "Bring back what `callout backup` wrote: into an empty database, or in place of one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What could be lost is only ever lost by asking for it."""
        parser.add_argument("file", type=Path, help="what `callout backup` wrote")
        parser.add_argument("--check", action="store_true", help="only see whether it is whole")
        parser.add_argument(
            "--replace", action="store_true", help="forget what is in the database now"
        )
        parser.add_argument(
            "--other-keys",
            action="store_true",
            help="do without what only the old field key opens: access codes, second factors",
        )
        parser.add_argument(
            "--send-waiting",
            action="store_true",
            help="let mails, pushes and webhooks go out that were waiting when it was made",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Everything is looked at before anything is changed."""
        try:
            with form.opened(options["file"].absolute()) as file:
                form.sum_checked(file)
                head = form.head_of(file)
                self.stdout.write(f"A backup of {head.made_at}, by Callout {head.callout}: whole.")
                if options["check"]:
                    return
                self._restore(file, head, options)
        except CalloutError as error:
            raise CommandError(error.message) from error

    def _restore(self, file: IO[bytes], head: form.Head, options: dict[str, Any]) -> None:
        other_keys = options["other_keys"]
        with ExitStack() as stack:
            if settings.EMBEDDED:
                stack.enter_context(only_one("web"))
                stack.enter_context(only_one("worker"))
            with as_owner():
                restoring.usable(head, other_keys=other_keys)
                restoring.room_made(head, replace=options["replace"])
                loaded = restoring.load(
                    file, head, other_keys=other_keys, send_waiting=options["send_waiting"]
                )
            if not health.migrated():
                call_command("migrate", verbosity=0)
        manifest = loaded.manifest
        uploads_reopen(actor=Actor.system("callout restore", "command"))
        self.stdout.write(
            f"Restored: {manifest.rows:,} rows of {len(manifest.tables)} tables,"
            f" {manifest.files:,} attachments. Everybody signs in anew."
        )
        if loaded.held:
            self.stdout.write(_held(loaded.held))
        lost = len(manifest.missing) + len(manifest.spoilt)
        if lost:
            self.stderr.write(f"{lost:,} attachments were missing already when it was made.")
        if head.keys.get("push") != keys.marks().get("push"):
            self.stderr.write(
                "It belongs to another VAPID key: phones get no notices until their app is opened."
            )


def _held(held: Held) -> str:
    counts = (
        f"mails: {held.mails:,}, pushes to phones: {held.pushes:,},"
        f" events of webhooks: {held.events:,}"
    )
    return (
        f"Held and not sent ({counts}): they were waiting when the backup was made, and the"
        " installation it was made of has most likely sent them since. Events can be sent again"
        " from the log of each webhook; to have all of it sent, restore with --send-waiting."
    )
