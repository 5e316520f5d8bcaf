from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from callout.kernel.jobs import worker_run


class Command(BaseCommand):
    help = "Do the jobs: mail, clean-up, whatever follows from a change. `callout serve` runs one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queues", help="only these, separated by commas; then the journal is not followed"
        )
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time (4)")

    def handle(self, *_args: Any, **options: Any) -> None:
        queues = options["queues"].split(",") if options["queues"] else None
        worker_run(queues=queues, concurrency=max(1, options["concurrency"]))
