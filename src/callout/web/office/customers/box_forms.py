"""The short forms of the boxes: what an order needs of a new thing, and no more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.customers.models import CustomerKind
from callout.web.office.account.forms import OfficeForm
from callout.web.office.customers.forms import KINDS
from callout.web.office.widgets import phone_field, short


class Box(OfficeForm):
    """Its controls belong to no form (form=""), so that the one around never sends them; their
    names and ids carry a prefix, since that form has a name and a phone of its own."""

    prefix = "box"
    LAYOUT: list[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = ""


class CustomerBox(Box):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=CustomerKind.COMPANY.value
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    vat_number = short(_("VAT number"), 40)
    phone = phone_field(_("Phone"))
    email = short(_("Email"), 254)
    street = short(_("Street and number"))
    postcode = short(_("Postcode"), 16)
    town = short(_("Town"), 100)
    with_site = forms.BooleanField(
        label=_("Work is done at this address"), required=False, initial=True
    )

    LAYOUT = [
        ["kind"], ["name"], ["vat_number", "phone"], ["email", "street"], ["postcode", "town"],
        ["with_site"],
    ]  # fmt: skip


class SitesBox(Box):
    """A box that offers the customer's sites."""

    site_id = forms.ChoiceField(label=_("Site"), required=False)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it stands six lines above
        blank = [] if field.required else [("", _("Any site"))]
        field.choices = [*blank, *sites]


class ContactBox(SitesBox):
    name = forms.CharField(label=_("Name"), max_length=160)
    job = short(_("Job"), 100)
    mobile = phone_field(_("Mobile"))
    email = short(_("Email"), 254)

    LAYOUT = [["name", "job"], ["mobile", "email"], ["site_id"]]


class SiteBox(Box):
    name = short(_("Name"), 160)
    street = short(_("Street and number"))
    postcode = short(_("Postcode"), 16)
    town = short(_("Town"), 100)
    access_notes = short(_("Access"), 500)

    LAYOUT = [["street"], ["postcode", "town"], ["name", "access_notes"]]


class AssetBox(SitesBox):
    site_id = forms.ChoiceField(label=_("Site"), required=True)
    kind = short(_("Type"), 80)
    reference = short(_("Reference"), 80)
    manufacturer = short(_("Manufacturer"), 80)
    model = short(_("Model"), 80)
    serial_number = short(_("Serial number"), 80)

    LAYOUT = [["site_id"], ["kind", "reference"], ["manufacturer", "model"], ["serial_number"]]
