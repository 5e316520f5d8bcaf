"""Who may open a page. Every page carries one of these; a page without one is a bug that the
route census finds. Objects are guarded below, by services and selectors."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from callout.accounts.device_selectors import actor_for_device, actor_handing_over, refused
from callout.accounts.zone import company_zone
from callout.fieldwork.sync.limits import turn
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Forbidden, NotSignedIn

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request whose session belongs to somebody: `actor` is them."""

    actor: Actor
    handing_over: bool  # see upload_page


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


def admin_page(page: Page[P]) -> Guarded[P]:
    """For admins."""
    return _guarded(page, _admin)


def public_page(page: Guarded[P]) -> Guarded[P]:
    """For everybody, on purpose: says so to who reads the code, and to the route census."""
    page.access = "public"  # type: ignore[attr-defined]
    return page


# --- the technician's app ------------------------------------------------------------------------


def device_page(page: Page[P]) -> Guarded[P]:
    """For a technician's phone, by the cookie of the app: JSON that the app asks, never a page."""
    return _phone_guarded(page, device_actor, "device")


def handover_page(page: Page[P]) -> Guarded[P]:
    """For the phone of somebody who is not active any more, which may hand over what it holds."""
    return _phone_guarded(page, _by_handover, "handover")


def upload_page(page: Page[P]) -> Guarded[P]:
    """For both of them: bytes of files are written only."""
    return _phone_guarded(page, _by_device_or_handover, "upload")


def phone_page(page: Page[P]) -> Guarded[P]:
    """For technicians by the office's session: where a phone begins."""
    return _phone_guarded(page, _by_session, "phone")


def phone_refusal(error: CalloutError) -> JsonResponse:
    """A refusal as the app reads it. A lost phone is told to forget everything; no other ever is:
    on a session that merely ran out it would wipe work that was not sent yet."""
    said = {"callout": 1, "error": {"code": error.code, "message": error.message}}
    answer = JsonResponse(said, status=error.status)
    answer["Cache-Control"] = "no-store"
    if error.status == 401 and error.code == "lost":
        answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def _phone_guarded(page: Page[P], find: Callable[[HttpRequest], Actor], mark: str) -> Guarded[P]:
    """The app's shell is kept by the phone, so it carries no form token. In its place stand the
    exact origin, which the middleware asks for, and a header that no form can send."""

    @functools.wraps(page)
    def guard(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            if request.method not in ("GET", "HEAD") and request.headers.get("X-Callout") != "1":
                raise Forbidden(_("This request came from another site."), code="other_origin")
            actor = find(request)
            request.actor = actor  # type: ignore[attr-defined]
            translation.activate(actor.language)
            request.LANGUAGE_CODE = actor.language
            reads = request.method in ("GET", "HEAD")
            with timezone.override(company_zone()), turn(None if reads else actor.user_id):
                answer = page(request, *args, **kwargs)  # type: ignore[arg-type]  # it has its actor
        except CalloutError as error:
            return phone_refusal(error)
        answer.setdefault("Cache-Control", "no-store")
        return answer

    guard.access = mark  # type: ignore[attr-defined]
    guard.csrf_exempt = True  # type: ignore[attr-defined]
    return guard


def device_secret(request: HttpRequest) -> str:
    """The phone's secret, from the cookie that the browser sends to this path."""
    names = (settings.DEVICE_COOKIE_NAME, settings.DEVICE_FILES_COOKIE_NAME)
    found = next((request.COOKIES[name] for name in names if name in request.COOKIES), "")
    return found if len(found) <= 100 else ""


def device_actor(request: HttpRequest) -> Actor:
    """Whose phone asks; NotSignedIn where it is nobody's, may not any more, or where another
    technician has signed in to the office in the same browser since: then it is theirs."""
    actor = actor_for_device(device_secret(request))
    office: Actor | None = getattr(request, "actor", None)
    if office is not None and office.is_technician and office.user_id != actor.user_id:
        raise refused("other_user")
    return actor


def _by_handover(request: HttpRequest) -> Actor:
    return actor_handing_over(device_secret(request))


def _by_device_or_handover(request: HttpRequest) -> Actor:
    request.handing_over = False  # type: ignore[attr-defined]
    try:
        return device_actor(request)
    except NotSignedIn as error:
        if error.code != "deactivated" or request.method != "PUT":
            raise
        request.handing_over = True  # type: ignore[attr-defined]
        return _by_handover(request)


def _by_session(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise refused("not_signed_in")
    _technician(actor)
    return actor
