"""What a command asks of whoever sits before it."""

import getpass
import sys

from django.core.management.base import CommandError


def terminal_needed(instead: str) -> None:
    """CommandError, saying what to do `instead`, where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise CommandError(f"There is no terminal to ask on. {instead}")


def password_asked() -> str:
    """A password, typed twice and not shown."""
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Password again: "):
        raise CommandError("The two passwords are not the same.")
    return first
