"""The app that carries the command line's own commands and the system checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the checks of what an operator has set."""

    name = "callout.config"
    label = "config"

    def ready(self) -> None:
        """Importing the module registers its checks."""
        from callout.config import checks  # noqa: F401
