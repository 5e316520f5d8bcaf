from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from callout.kernel.restore import rebase


class Command(BaseCommand):
    help = (
        "After restoring a dump: make its journal this database's own. Stop everything else first."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        alias = "owner" if "owner" in connections else "default"
        self.stdout.write(f"{rebase(connections[alias])} entries of the journal are at home here.")
