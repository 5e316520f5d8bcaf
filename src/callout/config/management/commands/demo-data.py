"""`callout demo-data`: fill an empty installation with the demo company."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from callout.accounts.models import User
from callout.config.demo.people import sign_ins
from callout.config.demo.telling import company_tell
from callout.kernel import clock
from callout.kernel.actor import Actor


class Command(BaseCommand):
    """For a company that has nobody yet."""

    help = "Fill an empty installation with a believable company, laid around this moment."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Refused where anybody can sign in already."""
        if User.objects.exists():
            raise CommandError("There is somebody here already: demo data is for a new company.")
        orders = company_tell(actor=Actor.system("demo data", "command"), now=clock.now())
        self.stdout.write(f"{orders} orders.")
        for line in sign_ins():
            self.stdout.write(line)
