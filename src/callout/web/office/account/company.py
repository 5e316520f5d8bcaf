from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from callout.accounts import selectors, services
from callout.kernel.checks import phone_shown
from callout.web.access import ActorRequest, admin_page
from callout.web.office.account.base import form_page, sent
from callout.web.office.account.forms import CompanyForm


@admin_page
def company_page(request: ActorRequest) -> HttpResponseBase:
    """The company's name, address, time zone and how its numbers look."""
    row = selectors.company_get(actor=request.actor)
    shown = {"version": row.version, "phone": phone_shown(row.phone, row.country)}
    form = CompanyForm(request.POST or None, initial={**model_to_dict(row), **shown})

    def update(given: dict[str, Any]) -> None:
        if "phone" not in form.changed_data:
            given = given | {"phone": row.phone}  # which another country would read as its own
        services.company_update(actor=request.actor, **given)

    if sent(request, form, update):
        messages.success(request, _("Saved."))
        return redirect("office:company")
    return form_page(request, form, _("Company"), template="settings/company.html")
