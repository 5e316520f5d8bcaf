"""The order edited: all its fields, told when somebody was faster, nothing typed lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callout.customers.selectors import assets_there
from callout.kernel.checks import Wrong, id_required
from callout.kernel.errors import Invalid, Refused, Stale
from callout.orders import selectors
from callout.orders.models import Channel, Charge, ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.priorities import priority_labels
from callout.orders.selectors.catalogue import type_page
from callout.orders.selectors.changes import stale_told
from callout.orders.services import order_update
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.answers import acted
from callout.web.office.orders.facts import channel_label, charge_label
from callout.web.office.orders.forms import OrderForm, minutes_field, moment_field, wall
from callout.web.office.widgets import ChoiceByTyping
from callout.web.ui.addresses import address
from callout.workforce.selectors import vehicle_list

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SeveralIds(forms.MultipleChoiceField):
    """Ids ticked in a list that is asked for as one types. The service checks them."""

    def valid_value(self, value: str) -> bool:  # noqa: ARG002 - any: see above
        return True


class EditForm(OrderForm):
    """Every field of an order that is no plan and no status."""

    customer_id = ChoiceByTyping("office:customer_options", label=gettext_lazy("Customer"))
    # An id with its kind in front: "site:...", "asset:...".
    location = forms.CharField(label=gettext_lazy("Intervention location"), max_length=48)
    more_asset_ids = SeveralIds(required=False)
    contact_id = ChoiceByTyping("office:contact_options", "user", label=gettext_lazy("Contact"))
    type_id = forms.ChoiceField(label=gettext_lazy("Type"))
    priority = forms.ChoiceField(label=gettext_lazy("Priority"))
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("The first line is the title."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    duration_minutes = minutes_field(gettext_lazy("Duration, minutes"), min_value=5, max_value=1440)
    received_at = moment_field(
        gettext_lazy("Received"), help_text=gettext_lazy("The response target counts from here.")
    )
    channel = forms.ChoiceField(label=gettext_lazy("Came in by"))
    caller_name = forms.CharField(label=gettext_lazy("Caller"), required=False, max_length=120)
    caller_phone = forms.CharField(
        label=gettext_lazy("Caller’s phone"), required=False, max_length=40
    )
    customer_reference = forms.CharField(
        label=gettext_lazy("Customer’s reference"), required=False, max_length=80
    )
    charge = forms.ChoiceField(
        label=gettext_lazy("Charge"), help_text=gettext_lazy("Whether it is invoiced, or why not.")
    )
    wish_not_before = moment_field(
        gettext_lazy("Wished not before"),
        required=False,
        help_text=gettext_lazy("A wish is no promise: a slot outside it warns, and may be taken."),
    )
    wish_due = moment_field(gettext_lazy("Wished until"), required=False)
    wish_from = forms.TimeField(label=gettext_lazy("Hours from"), required=False, widget=TIME)
    wish_to = forms.TimeField(label=gettext_lazy("until"), required=False, widget=TIME)
    wish_start = moment_field(gettext_lazy("Wished start"), required=False)
    proposed_vehicle_id = forms.ChoiceField(label=gettext_lazy("Vehicle proposed"), required=False)

    def __init__(self, *args: Any, request: ActorRequest, order: ServiceOrder, **kwargs: Any):
        super().__init__(*args, **kwargs)
        actor = request.actor
        types = type_page(actor=actor, limit=200).items
        vehicles = vehicle_list(actor=actor, limit=200).items
        choices: dict[str, list[tuple[str, str]]] = {
            "type_id": [(str(row.pk), row.name) for row in types],
            "priority": list(priority_labels().items()),
            "channel": [(value, channel_label(value)) for value in Channel.values],
            "charge": [(value, charge_label(value)) for value in Charge.values],
            "proposed_vehicle_id": [("", "–"), *((str(row.pk), str(row)) for row in vehicles)],
        }
        if order.type.archived_at:
            choices["type_id"].append((str(order.type_id), order.type.name))
        for name, offered in choices.items():
            self.offer(name, offered)

    def values(self, order: ServiceOrder) -> dict[str, Any]:
        """What was typed, as the service takes it; what was not touched is not sent."""
        given = dict(self.cleaned_data)
        given.pop("version")
        location = given.pop("location")
        if location != place_of(order):
            given |= _place_typed(location)
        for name in ("customer_id", "contact_id", "proposed_vehicle_id"):
            given[name] = given[name] or None
        for name in ("received_at", "wish_not_before", "wish_due", "wish_start"):
            given[name] = _kept_seconds(given[name], getattr(order, name))
        return given


def _kept_seconds(typed: Any, before: Any) -> Any:
    """A field shows minutes: what it was shown as is what it was."""
    if typed and before and typed == before.replace(second=0, microsecond=0):
        return before
    return typed


def place_of(order: ServiceOrder) -> str:
    """Site or asset as the box of locations calls it."""
    return f"asset:{order.asset_id}" if order.asset_id else f"site:{order.site_id}"


def _place_typed(location: str) -> dict[str, Any]:
    kind, _mark, value = location.partition(":")
    try:
        chosen = id_required(value)
    except Wrong as error:
        raise Invalid({"location": [str(error)]}) from None
    if kind == "asset":
        return {"asset_id": chosen}
    return {"site_id": chosen, "asset_id": None}


@manager_page
def edit_page(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """The form, in the side panel or on a page of its own."""
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, initial=_initial(order), request=request, order=order)
    if form.is_bound and form.is_valid():
        done = _saved(request, order, form)
        if done is not None:
            return done
    context = {
        "order": order,
        "form": form,
        "number": order_number(order.number),
        "place_text": order.asset.reference if order.asset else order.site.name,
        "order_url": address("office:order", number=order.number),
        "url": request.path,
        "nav": "orders",
        "location": form["location"].value() or "",
        "texts": _texts(order, form),
        **_more_assets(request, form),
    }
    return render(request, "office/orders/edit.html", context, status=422 if form.is_bound else 200)


def _more_assets(request: ActorRequest, form: EditForm) -> dict[str, Any]:
    """The other assets of the place that stands in the form, with those ticked."""
    try:
        place = _place_typed(form["location"].value() or "")
        chosen = [id_required(one) for one in form["more_asset_ids"].value() or []]
    except (Invalid, Wrong):
        return {}  # said beside the field
    return {"more": assets_there(actor=request.actor, chosen=chosen, **place), **place}


def _saved(request: ActorRequest, order: ServiceOrder, form: EditForm) -> HttpResponse | None:
    version = form.cleaned_data["version"]
    try:
        order_update(actor=request.actor, order_id=order.pk, version=version, **form.values(order))
    except Invalid as error:
        wrong = dict(error.fields)
        for name in ("site_id", "asset_id"):
            if name in wrong:
                wrong.setdefault("location", []).extend(wrong.pop(name))
        form.refuse(Invalid(wrong))
    except Stale as error:
        told = stale_told(request.actor, order.pk, error, version)
        form.renew(error.current["version"], _kept(told.message))
    except Refused as error:
        form.add_error(None, error.message)
    else:
        words = _("%(number)s is saved") % {"number": order_number(order.number)}
        answer = acted(request, order.pk, words)
        if "HX-Request" not in request.headers:
            answer.status_code = 302
            answer["Location"] = address("office:order", number=order.number)
        return answer
    return None


def _kept(words: str) -> str:
    return _("%(what)s What you typed is kept; save again to put it in its place.") % {
        "what": words
    }


def _initial(order: ServiceOrder) -> dict[str, Any]:
    plain = (
        *("customer_id", "contact_id", "type_id", "description", "duration_minutes", "channel"),
        *("caller_name", "caller_phone", "customer_reference", "charge", "wish_from", "wish_to"),
        *("proposed_vehicle_id", "version"),
    )
    moments = ("received_at", "wish_not_before", "wish_due", "wish_start")
    found = {name: getattr(order, name) for name in plain}
    found |= {name: wall(getattr(order, name)) for name in moments}
    found["more_asset_ids"] = [str(one) for one in order.more_ids]  # type: ignore[attr-defined]
    return found | {"priority": order.priority.code, "location": place_of(order)}


def _texts(order: ServiceOrder, form: EditForm) -> dict[str, str]:
    """What is called by the ids in the boxes, as long as they are the order's own."""
    own = {
        "customer_id": (str(order.customer_id), order.customer.name),
        "location": (
            place_of(order),
            str(order.asset) if order.asset else order.site.name,
        ),
        "contact_id": (str(order.contact_id or ""), order.contact.name if order.contact else ""),
    }
    return {
        name: text if str(form[name].value() or "") == value else ""
        for name, (value, text) in own.items()
    }
