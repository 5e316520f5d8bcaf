"""The cursor that a page is drawn from: its stream goes on from there, and nothing falls between
reading what is shown and hearing of changes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from callout.accounts.door import is_page
from callout.kernel.feed import feed_end


class LiveCursorMiddleware:
    """Puts `request.live_cursor` on the load of a whole page, as it was before anything was read
    for it; fragments and programs have streams already. Mostly the session's message has told it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "actor", None) is None:
            return self.get_response(request)
        if is_page(request):
            request.live_cursor = str(request.session.end or feed_end())  # type: ignore[attr-defined]
        response = self.get_response(request)
        # Back takes what the browser kept of an address: the page, never a fragment of it.
        patch_vary_headers(response, ("HX-Request",))
        return response
