from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from callout.accounts import selectors, services
from callout.accounts.services.tokens import DAYS
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError


class Command(BaseCommand):
    """Prints the new token alone on its line, so that a script can take it."""

    help = "Make an API token for a user and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the user whose rights the token has")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--days", type=int, default=DAYS, help="how long it is good")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        actor = Actor.system("callout token", "command")
        try:
            user = selectors.user_by_email(actor=actor, email=options["email"])
            _token, plain = services.token_create(
                actor=actor, user_id=user.pk, name=options["name"], days=options["days"]
            )
        except CalloutError as error:
            raise CommandError(_("No token was made: %(why)s") % {"why": error.message}) from error
        self.stdout.write(plain)
