from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from callout.accounts import selectors, services
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.web.access import public_page
from callout.web.office.account.base import sent
from callout.web.office.account.forms import SetupForm

NOBODY = Actor(user_id=None, name="setup", door="office")


@never_cache
@public_page
def setup_page(request: HttpRequest) -> HttpResponseBase:
    """The first admin, by whoever holds the printed code. Gone once there is a user."""
    if not selectors.setup_is_open():
        raise NotFound
    form = SetupForm(request.POST or None)
    if sent(request, form, lambda given: services.first_admin_create(actor=NOBODY, **given)):
        messages.success(request, _("Your account is made. Sign in with it."))
        return redirect("account_login")
    return render(
        request, "settings/setup.html", {"form": form}, status=422 if form.errors else 200
    )
