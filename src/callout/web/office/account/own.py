from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from callout.accounts import selectors, services
from callout.accounts.mail_state import mail_is_failing
from callout.backup.selectors import backup_warning
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound
from callout.web.access import ActorRequest, public_page, signed_in_page
from callout.web.office.account.base import back_of, base_of, form_page, go, sent
from callout.web.office.account.forms import ProfileForm, TokenForm
from callout.web.office.account.phones import phones_of
from callout.web.office.account.sections import sections_for
from callout.web.ui.navigation import url_if


@public_page
def start_page(request: HttpRequest) -> HttpResponseBase:
    """The start page is the one where one's work is; before that, the way in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return redirect("office:setup" if selectors.setup_is_open() else "account_login")
    office = actor.is_manager and url_if("office:home")
    field = actor.is_technician and url_if("technician:shell")
    return redirect(office or field or "office:settings")


@require_POST
@public_page
def language_set(request: HttpRequest) -> HttpResponseBase:
    """The language of this browser, and of the user who is signed in at it."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise NotFound
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.user_id is not None:
        services.user_update(actor=actor, user_id=actor.user_id, language=language)
    response = redirect(back_of(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86_400,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


@signed_in_page
def settings_page(request: ActorRequest) -> HttpResponseBase:
    """The list of all settings that one may see."""
    context = {
        "base": base_of(request),
        "title": _("Settings"),
        "groups": sections_for(request.actor),
        "warning": backup_warning(actor=request.actor),
        "mail_is_failing": request.actor.is_admin and mail_is_failing(actor=request.actor),
    }
    return render(request, "settings/index.html", context)


@signed_in_page
def profile_page(request: ActorRequest) -> HttpResponseBase:
    """One's own name, language and colours."""
    user = selectors.user_get(actor=request.actor, user_id=_me(request))
    shown = {name: getattr(user, name) for name in ("name", "language", "mail_of_work", "version")}
    form = ProfileForm(request.POST or None, initial=shown)
    if not user.is_technician:
        del form.fields["mail_of_work"]
    if sent(
        request,
        form,
        lambda given: services.user_update(actor=request.actor, user_id=user.pk, **given),
    ):
        # Said in the language that was just chosen.
        with override(form.cleaned_data["language"] or get_language()):
            messages.success(request, _("Saved."))
        return redirect("office:profile")
    return form_page(request, form, _("Profile"), template="settings/profile.html")


@signed_in_page
def security_page(request: ActorRequest) -> HttpResponseBase:
    """Password, second factor, where one is signed in, and on which phones."""
    sessions = selectors.sessions_list(
        actor=request.actor, current_key=request.session.session_key or ""
    )
    context = {
        "base": base_of(request),
        "title": _("Sign-in and security"),
        "sessions": sessions,
        "phones": phones_of(request.actor, request.actor.user_id),
    }
    return render(request, "settings/security.html", context)


@require_POST
@signed_in_page
def session_end(request: ActorRequest) -> HttpResponseBase:
    """End one of one's sign-ins, or all but this one."""
    which = request.POST.get("session", "")
    if which == "others":
        services.sessions_end(
            actor=request.actor, user_id=_me(request), but_key=request.session.session_key
        )
    elif which.isascii() and which.isdigit() and len(which) < 12:
        services.session_revoke(actor=request.actor, session_id=int(which))
    else:
        raise NotFound
    messages.success(request, _("Signed out there."))
    return redirect("office:security")


@never_cache
@signed_in_page
def tokens_page(request: ActorRequest) -> HttpResponseBase:
    """One's own tokens. A new one is shown once, in the answer to its making, and never again."""
    form = TokenForm(request.POST or None)
    plain = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, plain = services.token_create(actor=request.actor, **form.cleaned_data)
            form = TokenForm()
        except Invalid as error:
            form.refuse(error)
    context = {
        "base": base_of(request),
        "title": _("API tokens"),
        "form": form,
        "plain": plain,
        "tokens": selectors.tokens_list(actor=request.actor),
    }
    return render(request, "settings/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in_page
def token_end(request: ActorRequest, token_id: UUID) -> HttpResponse:
    """Revoke a token."""
    services.token_revoke(actor=request.actor, token_id=token_id)
    messages.success(request, _("The token is revoked."))
    return go(request, "office:tokens")


def _me(request: ActorRequest) -> UUID:
    if request.actor.user_id is None:
        raise NotFound
    return request.actor.user_id
