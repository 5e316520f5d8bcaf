"""What is drawn under a map: the bundled ground, or the style that the operator has set."""

import functools
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpResponseBase

from callout.web.access import ActorRequest, Guarded, Page, manager_page

Answer = TypeVar("Answer", bound=HttpResponseBase)
P = ParamSpec("P")


def with_ground(answer: Answer) -> Answer:
    """Lets the page ask the origin of MAP_STYLE for it. Of no other page may a browser: where the
    bundled ground is used, nobody outside is asked for anything."""
    if settings.MAP_ORIGIN:
        answer._csp_update = {"connect-src": [settings.MAP_ORIGIN]}  # type: ignore[attr-defined]
    return answer


def ground_page(page: Page[P]) -> Guarded[P]:
    """For managers, with a map on it, or a form in the side panel that has one."""

    @functools.wraps(page)
    def grounded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return with_ground(page(request, *args, **kwargs))

    return manager_page(grounded)
