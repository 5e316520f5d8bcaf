from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from callout.accounts.door import door_of, is_page
from callout.accounts.selectors import actor_for_user
from callout.accounts.services import session_touch
from callout.accounts.zone import company_zone
from callout.kernel.actor import Actor


class ActorMiddleware:
    """Puts `request.actor`: who acts by this session, with the rights they have at this moment.

    None for nobody. A request without a session's cookie asks the database nothing. Speaks the
    user's language and shows the company's hours from here on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        actor = session_actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        translation.activate(actor.language)
        request.LANGUAGE_CODE = actor.language
        session_touch(request.session)
        with timezone.override(company_zone()):
            return self.get_response(request)


def session_actor(request: HttpRequest) -> Actor | None:
    """The actor of the request's session, None for nobody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    session: Any = request.session
    session.tells_end = is_page(request)
    with session.user_at_hand():
        if not request.user.is_authenticated:
            return None
    return actor_for_user(request.user, door_of(request.path))
