"""Who asks: the owner of a bearer token, or of a session on one of our own pages.

A token is read from the Authorization header and from nowhere else; where that header is sent, no
cookie counts. A session's unsafe request needs our own origin (a middleware's part) and the CSRF
token in `X-CSRFToken`.
"""

from abc import abstractmethod

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from callout.accounts.selectors import actor_for_token
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, NotSignedIn
from callout.web.api import forms

SAFE = {"GET", "HEAD", "OPTIONS"}


class ApiRequest(HttpRequest):
    """A request that has passed `SignedIn`: `auth` is who asks."""

    auth: Actor


class Door(AuthBase):
    """Stands before every route: finds the actor, and refuses before anything is parsed."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor. NotSignedIn or Forbidden for everybody else."""
        actor = _actor(request)
        translation.activate(actor.language)
        self.check(actor)
        forms.form_checked(request)
        return actor

    @abstractmethod
    def check(self, actor: Actor) -> None:
        """Forbidden for who may not use the route, whatever the object."""


class SignedIn(Door):
    """Managers and technicians: what each sees is narrowed by the selectors."""

    def check(self, actor: Actor) -> None:
        """Who has neither role (an admin alone) has no business here."""
        if not (actor.is_manager or actor.is_technician):
            raise Forbidden


class ManagerOnly(Door):
    """Managers."""

    def check(self, actor: Actor) -> None:
        """Said before the object is looked for, so that it tells nothing of the object."""
        if not actor.is_manager:
            raise Forbidden(_("Only a manager may do this."))


signed_in = SignedIn()
manager_only = ManagerOnly()


def _actor(request: HttpRequest) -> Actor:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _blank, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotSignedIn(_("Send the token as “Authorization: Bearer ...”."))
        return actor_for_token(token.strip())
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotSignedIn
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        # Reading changes nothing but the journal: who looked at which code.
        raise Forbidden(_("This request came from another site."), code="other_origin")
    if request.method not in SAFE and check_csrf(request) is not None:
        raise Forbidden(_("Reload the page and try again."), code="csrf")
    return actor
