from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callout.accounts import selectors, services
from callout.accounts.management.asking import password_asked, terminal_needed
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError


class Command(BaseCommand):
    """In place of Django's, which writes the password and no more: phones would stay signed in."""

    help = (
        "Give a user another password, asked for on the terminal. It ends all their sign-ins, also"
        " on phones; their API tokens stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the user's address")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        actor = Actor.system("callout changepassword", "command")
        terminal_needed("The sign-in page sends a link for it by mail.")
        try:
            user = selectors.user_by_email(actor=actor, email=options["email"])
            services.user_password_set(actor=actor, user_id=user.pk, password=password_asked())
        except CalloutError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.email} signs in with the new password from now on.")
