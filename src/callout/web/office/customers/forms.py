"""What people type on the pages of this folder. Rules live in the services; forms only parse."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callout.customers import selectors
from callout.customers.fields import home_country
from callout.customers.models import CustomerKind, LinkRole
from callout.customers.vat import vat_shown
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.web.office.widgets import (
    ChoiceByTyping,
    CountryField,
    HoursForm,
    lines,
    named_by,
    phone_field,
    short,
)

KINDS = [(CustomerKind.COMPANY.value, _("Company")), (CustomerKind.PERSON.value, _("Person"))]
ROLES = [
    (LinkRole.OWNER.value, _("Owner")),
    (LinkRole.OCCUPANT.value, _("Occupant")),
    (LinkRole.MANAGER.value, pgettext_lazy("of a site", "Manager")),
]


def languages() -> list[tuple[str, Any]]:
    return [("", _("The company's")), *settings.LANGUAGES]


class AddressForm(OfficeForm):
    street = short(_("Street and number"))
    postcode = short(_("Postcode"), 16)
    town = short(_("Town"), 100)
    country = CountryField()


class CustomerForm(AddressForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=CustomerKind.COMPANY
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    vat_number = short(_("VAT number"), 40)
    email = short(_("Email"), 254)
    phone = phone_field(_("Phone"))
    language = forms.ChoiceField(label=_("Language"), choices=languages, required=False)
    alert = short(_("Alert"), 500, help_text=_("Shown wherever the customer is chosen."))
    bill_to_id = ChoiceByTyping(
        "office:customer_options", "building", label=_("Bill to"),
        help_text=_("Who pays, where that is somebody else."),
    )  # fmt: skip
    notes = lines(_("Notes"))

    LAYOUT = [
        ["kind"], ["name"], ["vat_number", "phone"], ["email", "language"], ["street"],
        ["postcode", "town", "country"], ["alert"], ["bill_to_id"], ["notes"],
    ]  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named_by(self, "bill_to_id", lambda pk: customer_name(actor, pk))


class NewCustomerForm(CustomerForm):
    with_site = forms.BooleanField(
        label=_("Work is done at this address"), required=False, initial=True
    )

    LAYOUT = [*CustomerForm.LAYOUT[:6], ["with_site"], *CustomerForm.LAYOUT[6:]]


class EditCustomerForm(CustomerForm, VersionForm):
    pass


class ContactForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    job = short(_("Job"), 100)
    phone = phone_field(_("Phone"))
    mobile = phone_field(_("Mobile"))
    email = short(_("Email"), 254)
    language = forms.ChoiceField(label=_("Language"), choices=languages, required=False)
    site_id = forms.ChoiceField(label=_("For the site"), required=False)
    notes = lines(_("Notes"))

    LAYOUT = [
        ["name"], ["job"], ["phone", "mobile"], ["email", "language"], ["site_id"], ["notes"],
    ]  # fmt: skip

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it stands eleven lines above
        field.choices = [("", _("Any site")), *sites]


class EditContactForm(ContactForm, VersionForm):
    pass


class SiteForm(AddressForm, HoursForm):
    name = short(_("Name"), 160, help_text=_("Left empty, it is the street."))
    parent_id = ChoiceByTyping("office:site_options", "map-pin", label=_("Lies inside the site"))
    latitude = short(_("Latitude"), 20)
    longitude = short(_("Longitude"), 20)
    access_notes = lines(_("Access"), 2)
    parking_notes = lines(_("Parking"), 2)
    key_notes = lines(_("Keys"), 2)
    hours_known = forms.BooleanField(
        label=_("Opening hours are known"),
        required=False,
        help_text=_("Write them like 08:00-12:00, 13:00-17:00; an empty day is closed."),
    )

    LAYOUT = [
        ["name"], ["street"], ["postcode", "town", "country"], ["parent_id"],
        ["latitude", "longitude"], ["access_notes"], ["parking_notes"], ["key_notes"],
        ["hours_known"], ["day0", "day1"], ["day2", "day3"], ["day4", "day5"], ["day6"],
    ]  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named_by(self, "parent_id", lambda pk: site_name(actor, pk))

    def clean(self) -> dict[str, Any]:
        """Seven fields become one week; a field with hours in it says that they are known."""
        given = super().clean() or {}
        week = self.week_typed()
        typed = [given.pop(f"day{number}", "") for number in range(7)]
        given["opening_hours"] = week if given.pop("hours_known", False) or any(typed) else None
        return given


class NewSiteForm(SiteForm):
    customer_id = ChoiceByTyping("office:customer_options", "building", label=_("Customer"))
    role = forms.ChoiceField(
        label=_("Who is its"), choices=ROLES, widget=forms.RadioSelect, initial=LinkRole.OCCUPANT
    )

    LAYOUT = [["customer_id"], ["role"], *SiteForm.LAYOUT]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        named_by(self, "customer_id", lambda pk: customer_name(actor, pk))


class EditSiteForm(SiteForm, VersionForm):
    pass


class LinkForm(OfficeForm):
    customer_id = ChoiceByTyping(
        "office:customer_options", "building", label=_("Customer"), required=True
    )
    role = forms.ChoiceField(
        label=_("Who is its"), choices=ROLES, widget=forms.RadioSelect, initial=LinkRole.OCCUPANT
    )

    LAYOUT = [["customer_id"], ["role"]]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named_by(self, "customer_id", lambda pk: customer_name(actor, pk))


class CodeForm(VersionForm):
    code = forms.CharField(
        label=_("Access code"),
        required=False,
        max_length=200,
        help_text=_("Kept encrypted. Left empty, the code is taken away."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    LAYOUT = [["code"]]


class AssetForm(OfficeForm):
    kind = short(_("Type"), 80, help_text=_("Boiler, lift, chiller..."))
    reference = short(_("Reference"), 80, help_text=_("Left empty, it is the serial number."))
    manufacturer = short(_("Manufacturer"), 80)
    model = short(_("Model"), 80)
    serial_number = short(_("Serial number"), 80)
    installed_on = forms.CharField(
        label=_("Installed on"), required=False, max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    warranty_until = forms.CharField(
        label=_("Warranty until"), required=False, max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    notes = lines(_("Notes"))

    LAYOUT = [
        ["kind", "reference"], ["manufacturer", "model"], ["serial_number"],
        ["installed_on", "warranty_until"], ["notes"],
    ]  # fmt: skip


class NewAssetForm(AssetForm):
    site_id = ChoiceByTyping("office:site_options", "map-pin", label=_("Site"), required=True)

    LAYOUT = [["site_id"], *AssetForm.LAYOUT]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named_by(self, "site_id", lambda pk: site_name(actor, pk))


class EditAssetForm(AssetForm, VersionForm):
    pass


class MoveForm(VersionForm):
    site_id = ChoiceByTyping(
        "office:site_options", "map-pin", label=_("To the site"), required=True
    )

    LAYOUT = [["site_id"]]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named_by(self, "site_id", lambda pk: site_name(actor, pk))


def customer_name(actor: Actor, pk: Any) -> str:
    """The words of a chosen customer."""
    return selectors.customer_detail(actor=actor, customer_id=pk).customer.name


def site_name(actor: Actor, pk: Any) -> str:
    """The words of a chosen site."""
    return selectors.site_detail(actor=actor, site_id=pk).site.name


def shown(row: Any, form: type[OfficeForm]) -> dict[str, Any]:
    """What a form shows of `row`: phones and VAT numbers as people write them."""
    values = {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}
    for name in ("phone", "mobile"):
        if values.get(name):
            values[name] = phone_shown(values[name], home_country())
    if values.get("vat_number"):
        values["vat_number"] = vat_shown(values["vat_number"])
    if hasattr(row, "opening_hours"):
        values |= HoursForm.shown(row.opening_hours)
        values["hours_known"] = row.opening_hours is not None
    return values


class AreaForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    postcodes = forms.CharField(
        label=_("Postcodes"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    detour_percent = short(
        _("Road, in percent of the straight line"), 10,
        help_text=_("How one drives from this area, where it is not as everywhere."),
    )  # fmt: skip
    kmh = short(_("Speed in km/h"), 10)

    LAYOUT = [["name"], ["postcodes"], ["detour_percent", "kmh"]]


class EditAreaForm(AreaForm, VersionForm):
    pass
