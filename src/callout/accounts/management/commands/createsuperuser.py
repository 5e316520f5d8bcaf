import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from callout.accounts import services
from callout.accounts.management.asking import password_asked, terminal_needed
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError


class Command(BaseCommand):
    """In place of Django's: our users have a name and roles, and their making is in the journal."""

    help = (
        "Make an admin who is also a manager. Asks for what is not given; the password comes from"
        " the terminal or, with --noinput, from DJANGO_SUPERUSER_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default=os.environ.get("DJANGO_SUPERUSER_EMAIL", ""))
        parser.add_argument("--name", default=os.environ.get("DJANGO_SUPERUSER_NAME", ""))
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        ask = not options["noinput"]
        if ask:
            terminal_needed("Use --noinput.")
        email = options["email"] or (input("Email: ") if ask else "")
        name = options["name"] or (input("Name: ") if ask else "")
        password = password_asked() if ask else os.environ.get("DJANGO_SUPERUSER_PASSWORD", "")
        if not (email and name and password):
            raise CommandError("Give --email, --name and the variable DJANGO_SUPERUSER_PASSWORD.")
        try:
            user = services.user_create(
                actor=Actor.system("callout createsuperuser", "command"),
                email=email,
                name=name,
                password=password,
                is_admin=True,
                is_manager=True,
            )
        except CalloutError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.email} may sign in now, as admin and manager.")
