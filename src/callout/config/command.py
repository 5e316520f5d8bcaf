"""The command `callout`: Callout's and Django's commands, with the embedded server held around."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from callout.config.embedded import Embedded

# These look at the code only.
WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages",
    "makemigrations", "route", "version", "--help", "-h", "--version",
}  # fmt: skip


def main() -> None:
    """Run one command; say in words, and with an exit status, what kept it from running."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callout.config.settings")
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError

    from callout.config.machine import Refused

    arguments = sys.argv[1:] or ["help"]
    try:
        with server_for(arguments):
            execute_from_command_line([sys.argv[0], *arguments])
    except Refused as refused:
        give_up(str(refused))
    except (OperationalError, InterfaceError) as error:
        give_up(f"The database does not answer, or not as it should: {error}")


def server_for(arguments: list[str]) -> AbstractContextManager[Any]:
    """What must be held while this command runs."""
    from django.conf import settings

    if arguments[0] in WITHOUT_DATABASE or "--help" in arguments:
        return nullcontext()
    if settings.ENV.problems:
        lines = [f"{problem.name} {problem.what} {problem.do}" for problem in settings.ENV.problems]
        give_up("\n".join(lines))
    if not settings.EMBEDDED:
        return nullcontext()
    # Without this a SIGTERM would end the process before the server could be released.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    return embedded().held()


@cache
def embedded() -> "Embedded":
    """The embedded server of the configured data folder; one for the whole process."""
    from django.conf import settings

    from callout.config.embedded import Embedded

    return Embedded(settings.DATA, min_free_mb=settings.MIN_FREE_MB)


def give_up(words: str) -> NoReturn:
    """End with a message a person can act on."""
    print(words, file=sys.stderr)  # noqa: T201
    raise SystemExit(1)
