"""`callout route FILE.json --seconds S [--seed N]`: the best day that can be driven, as JSON."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from callout.routing.engine.dayfile import Unreadable, answer, day_read
from callout.routing.engine.process import Died, solve_apart

LONGEST = 3600.0
BIGGEST = 20_000_000  # bytes


class Command(BaseCommand):
    """Needs no database and no company: it reads a file and thinks."""

    help = "Plan the day of a file: which technician goes where, in which order."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The time includes reading and answering."""
        parser.add_argument("file", type=Path, help="the day, as JSON (see bench/days)")
        parser.add_argument("--seconds", type=float, required=True, help="how long to think")
        parser.add_argument("--seed", type=int, help="where chance begins; the same, the same")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Print the plan; a day that cannot be read ends with status 2, and in words."""
        began = time.monotonic()
        seconds = options["seconds"]
        if not 0 < seconds <= LONGEST:
            raise CommandError(f"--seconds must lie between 0 and {LONGEST:.0f}.", returncode=2)
        try:
            day = day_read(self._text(options["file"]))
            left = max(0.1, seconds - (time.monotonic() - began))
            solved = solve_apart(day.problem, seconds=left, seed=options["seed"])
        except Unreadable as wrong:
            raise CommandError(f"{options['file']}: {wrong}", returncode=2) from wrong
        except Died as died:
            raise CommandError(str(died)) from died
        self.stdout.write(json.dumps(answer(day, solved.plan, solved.verdict), indent=1))

    def _text(self, file: Path) -> bytes:
        try:
            with file.open("rb") as opened:
                text = opened.read(BIGGEST + 1)  # what is no file has no size, and may never end
        except OSError as error:
            raise Unreadable(f"It cannot be read: {error.strerror}.") from error
        if len(text) > BIGGEST:
            raise Unreadable(f"The file has more than {BIGGEST // 1_000_000} MB.")
        return text
