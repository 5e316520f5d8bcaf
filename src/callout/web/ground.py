"""What is drawn under a map: the bundled ground, or the style that the operator has set."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)


def with_ground(answer: Answer) -> Answer:
    """Lets the page ask the origin of MAP_STYLE for it. Of no other page may a browser: where the
    bundled ground is used, nobody outside is asked for anything."""
    if settings.MAP_ORIGIN:
        answer._csp_update = {"connect-src": [settings.MAP_ORIGIN]}  # type: ignore[attr-defined]
    return answer
