"""What the pages of this folder share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from callout.kernel.errors import CalloutError, Invalid, Refused, Stale
from callout.web.access import ActorRequest
from callout.web.office.account.forms import OfficeForm
from callout.web.once import Facts, once


def base_of(request: ActorRequest) -> str:
    """The frame: the office's for who works there, the phone's for who works outside only."""
    office = request.actor.is_manager or request.actor.is_admin
    return "base_office.html" if office else "base_technician.html"


def sent(
    request: HttpRequest, form: OfficeForm, change: Callable[[dict[str, Any]], object]
) -> bool:
    """Whether the form was sent and `change` made with it. What was refused stands in the form.

    When somebody else was faster, what was typed stays, the words say so, and the form takes the
    new version: sending it again is then a decision.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        change(form.cleaned_data)
    except Invalid as error:
        form.refuse(error)
    except Stale as error:
        form.data = request.POST.copy()  # of what is chosen several times, all
        form.data["version"] = str(error.current["version"])
        form.add_error(None, _stale_words(error))
    except Refused as error:
        form.add_error(None, error.message)
    else:
        return True
    return False


def sent_once(
    request: ActorRequest, form: OfficeForm, make: Callable[[dict[str, Any]], object]
) -> bool:
    """The same for what makes a thing: the form sent twice, as by a double press, makes one."""

    def made(given: dict[str, Any]) -> Facts:
        make(given)
        return {}

    return sent(request, form, lambda given: once(request, request.actor, lambda: made(given)))


def _stale_words(error: CalloutError) -> str:
    return _("%(what)s What you typed is kept; save again to replace it.") % {"what": error.message}


def form_page(
    request: ActorRequest, form: OfficeForm, title: str, **context: object
) -> HttpResponse:
    """A page that is a form."""
    template = str(context.pop("template", "settings/form.html"))
    return render(
        request,
        template,
        {"base": base_of(request), "form": form, "title": title, **context},
        status=422 if form.errors else 200,
    )


def go(request: HttpRequest, name: str, **kwargs: UUID) -> HttpResponse:
    """To another page; htmx, which asks before it sends, is told to load it whole."""
    address = reverse(name, kwargs=kwargs)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def back_of(request: HttpRequest) -> str:
    """The page that the button was pressed on, if it is one of ours."""
    before = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()})
    return before if before and ours else "/"
