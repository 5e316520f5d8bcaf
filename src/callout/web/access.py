"""Who may open a page. Every page carries one of these; a page without one is a bug that the
route census finds. Objects are guarded below, by services and selectors."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, NotSignedIn

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request whose session belongs to somebody: `actor` is them."""

    actor: Actor


Page = Callable[Concatenate[ActorRequest, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx or a script asked, which can show words but cannot go to the sign-in page."""
    return "HX-Request" in request.headers or "application/json" in request.headers.get(
        "Accept", ""
    )


def _guarded(page: Page[P], check: Callable[[Actor], None]) -> Guarded[P]:
    @functools.wraps(page)
    def guard(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is None:
            if is_fragment(request):
                raise NotSignedIn(_("You are signed out. Open the sign-in page in another tab."))
            return redirect_to_login(request.get_full_path())
        check(actor)
        return page(request, *args, **kwargs)  # type: ignore[arg-type]  # it has its actor now

    guard.access = check.__name__.lstrip("_")  # type: ignore[attr-defined]
    return guard


def _anybody(actor: Actor) -> None:
    """Every signed-in user."""


def _manager(actor: Actor) -> None:
    if not actor.is_manager:
        raise Forbidden(_("This page is for managers."))


def _technician(actor: Actor) -> None:
    if not actor.is_technician:
        raise Forbidden(_("This page is for technicians."))


def _admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden(_("This page is for admins."))


def signed_in_page(page: Page[P]) -> Guarded[P]:
    """For whoever is signed in."""
    return _guarded(page, _anybody)


def manager_page(page: Page[P]) -> Guarded[P]:
    """For managers."""
    return _guarded(page, _manager)


def technician_page(page: Page[P]) -> Guarded[P]:
    """For technicians."""
    return _guarded(page, _technician)


def admin_page(page: Page[P]) -> Guarded[P]:
    """For admins."""
    return _guarded(page, _admin)


def public_page(page: Guarded[P]) -> Guarded[P]:
    """For everybody, on purpose: says so to who reads the code, and to the route census."""
    page.access = "public"  # type: ignore[attr-defined]
    return page
