"""A program that sends a token of its own goes a shorter way to the views of the API.

Sessions, CSRF, messages and signing in are for browsers with cookies: of them nothing counts where
an Authorization header is sent (web/api/access.py), and together they took a tenth of the CPU of a
change. Such a request meets none of them, so no cookie that comes with it is even read. Whoever
sends no such header goes the whole way, with every guard.
"""

from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

from callout.config.middleware import Handler, from_program

_views: ContextVar[Handler] = ContextVar("the views, with no middleware before them")


def views(get_response: Handler) -> Handler:
    """The last middleware: what is behind it, `programs` may ask. Middlewares are made from the
    last to the first."""
    _views.set(get_response)
    return get_response


def programs(get_response: Handler) -> Handler:
    """Stands before all that is for browsers, and sends a program past it."""
    straight = _views.get()

    def way(request: HttpRequest) -> HttpResponseBase:
        if from_program(request):
            return straight(request)
        return get_response(request)

    return way
