"""`callout makemessages`: bring the catalogues up to the texts in the code and the templates."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand


class Command(BaseCommand):
    """In place of Django's, which needs GNU gettext."""

    help = "Update src/callout/locale/*/LC_MESSAGES/django.po (needs the sources and Babel)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """All languages but English, which the texts themselves are in."""
        from callout.config import catalogues

        languages = [code for code, _name in settings.LANGUAGES if code != "en"]
        catalogues.update(settings.PACKAGE, settings.LOCALE_PATHS[0], languages)
