"""How a refusal of the domain looks in the office and on the phone: a fragment or a page.

The API words its own. Pages that show errors beside their fields catch Invalid themselves.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import select_template

from callout.kernel.errors import CalloutError, Invalid, NotSignedIn, Stale
from callout.web.access import is_fragment


class ErrorsMiddleware:
    """Words every CalloutError that a view lets through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a CalloutError; anything else goes on to the handlers for it."""
        return error_answer(request, error) if isinstance(error, CalloutError) else None


def error_answer(request: HttpRequest, error: CalloutError) -> HttpResponse:
    """JSON, a fragment for htmx, or a page: whichever the asker can show."""
    if "HX-Request" in request.headers:
        return error_fragment(request, error)
    if is_fragment(request):
        return JsonResponse(error_facts(error), status=error.status)
    context = _context(error)
    return render(request, _page_template(request), context, status=error.status)


def error_fragment(request: HttpRequest, error: CalloutError) -> HttpResponse:
    """The refusal in words, to be shown beside what was pressed."""
    return render(request, "office/error_fragment.html", _context(error), status=error.status)


def error_facts(error: CalloutError) -> dict[str, object]:
    """The refusal for a script: its code, its words, and what goes with them."""
    facts: dict[str, object] = {"code": error.code, "message": error.message, **error.extra}
    if isinstance(error, Invalid):
        facts["fields"] = error.fields
    if isinstance(error, Stale):
        facts["current"] = error.current
    return facts


def _context(error: CalloutError) -> dict[str, object]:
    return {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "error": error,
        "sign_in": isinstance(error, NotSignedIn),
    }


def _page_template(request: HttpRequest) -> str:
    """Inside the office's frame for who belongs there, bare for everybody else."""
    actor = getattr(request, "actor", None)
    if actor is not None and (actor.is_manager or actor.is_admin):
        return str(select_template(["office/error.html", "error.html"]).template.name)
    return "error.html"
