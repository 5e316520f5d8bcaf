from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts import selectors, services
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound, Refused
from callout.web.access import ActorRequest, admin_page
from callout.web.office.account.base import base_of, form_page, go, sent
from callout.web.office.account.forms import UserEditForm, UserForm
from callout.web.office.account.phones import phones_of


@admin_page
def users_page(request: ActorRequest) -> HttpResponseBase:
    """Who may sign in, and as what."""
    query = request.GET.get("q", "").replace("\x00", "")[:100]
    context = {
        "base": base_of(request),
        "title": _("Users"),
        "button": _("New user"),
        "button_url": reverse("office:user_new"),
        "query": query,
        "users": selectors.users_list(actor=request.actor, query=query),
    }
    return render(request, "settings/users.html", context)


@admin_page
def user_new_page(request: ActorRequest) -> HttpResponseBase:
    """Somebody new, who gets a mail with the link that sets a password."""
    form = UserForm(request.POST or None, initial={"language": request.actor.language})
    if sent(
        request, form, lambda given: services.user_create(actor=request.actor, invite=True, **given)
    ):
        messages.success(request, _("Added. The invitation is on its way."))
        return redirect("office:users")
    return form_page(request, form, _("New user"), submit=_("Add and invite"), **_parent())


@admin_page
def user_page(request: ActorRequest, user_id: UUID) -> HttpResponseBase:
    """One user: name, address, roles, sign-ins and tokens."""
    user = selectors.user_get(actor=request.actor, user_id=user_id)
    form = UserEditForm(request.POST or None, initial=UserEditForm.values_of(user))
    if sent(
        request,
        form,
        lambda given: services.user_update(actor=request.actor, user_id=user_id, **given),
    ):
        messages.success(request, _("Saved."))
        return redirect("office:users")
    return form_page(
        request,
        form,
        user.name,
        template="settings/user.html",
        person=user,
        sessions=selectors.sessions_list(actor=request.actor, user_id=user_id),
        tokens=selectors.tokens_list(actor=request.actor, user_id=user_id),
        phones=phones_of(request.actor, user_id),
        **_parent(),
    )


def _parent() -> dict[str, str]:
    return {"parent": reverse("office:users"), "parent_title": _("Users")}


def _sessions_end(*, actor: Actor, user_id: UUID) -> None:
    services.sessions_end(actor=actor, user_id=user_id)


# What the buttons beside the form do, and what is said when it is done.
DEEDS: dict[str, tuple[Callable[..., object], Callable[[], str]]] = {
    "invite": (services.user_invite, lambda: _("The invitation is on its way.")),
    "deactivate": (services.user_deactivate, lambda: _("Deactivated, and signed out everywhere.")),
    "reactivate": (services.user_reactivate, lambda: _("Reactivated.")),
    "sign-out": (_sessions_end, lambda: _("Signed out everywhere.")),
}


@require_POST
@admin_page
def user_deed(request: ActorRequest, user_id: UUID, deed: str) -> HttpResponseBase:
    """One of the buttons beside the form."""
    if deed not in DEEDS:
        raise NotFound
    change, words = DEEDS[deed]
    try:
        change(actor=request.actor, user_id=user_id)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, words())
    return go(request, "office:user", user_id=user_id)
