"""`callout demo-data`: fill an empty installation with the demo company, or with a large one."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from callout.accounts.models import User
from callout.config.demo.people import PASSWORD, sign_ins
from callout.config.demo.scale import FEWEST, MOST, scaled_fill
from callout.config.demo.scale.company import Size
from callout.config.demo.telling import company_tell
from callout.kernel import clock
from callout.kernel.actor import Actor


class Command(BaseCommand):
    """For a company that has nobody yet."""

    help = "Fill an empty installation with a believable company, laid around this moment."

    def add_arguments(self, parser: CommandParser) -> None:
        """How large."""
        parser.add_argument(
            "--orders",
            type=int,
            metavar="N",
            help=f"a company of 60 technicians with the history of N orders ({FEWEST} to {MOST:,}),"
            " to see how Callout does with them: a million take some minutes and 12 GB",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Refused where anybody can sign in already."""
        if User.objects.exists():
            raise CommandError("There is somebody here already: demo data is for a new company.")
        if options["orders"] is not None:
            self._scaled(options["orders"])
            return
        orders = company_tell(actor=Actor.system("demo data", "command"), now=clock.now())
        self.stdout.write(f"{orders} orders.")
        for line in sign_ins():
            self.stdout.write(line)

    def _scaled(self, orders: int) -> None:
        # A password that everybody knows only where sign-in refuses these people without the demo.
        demo = settings.DEMO
        size = Size(orders, settings.DEMO_DOMAIN) if demo else Size(orders)
        try:
            took = scaled_fill(size, clock.now(), password=PASSWORD if demo else "")
        except ValueError as wrong:
            raise CommandError(f"--orders: {wrong}.") from wrong
        self.stdout.write(f"{orders:,} orders in {took:.0f} s.")
        if not demo:
            self.stdout.write(f"Nobody can sign in before: callout changepassword {size.manager}")
            return
        self.stdout.write(f"Sign in with the password {PASSWORD} as:")
        for who in ("manager", "technician0", "technician1"):
            self.stdout.write(f"  {who}@{size.domain}")
