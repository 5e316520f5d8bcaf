"""The command `callout`."""

import os
import sys


def main() -> None:
    """Run one of Callout's or Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callout.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
