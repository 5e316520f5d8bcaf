"""What people type on the pages of this folder. Rules live in the services; forms only parse."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import User
from callout.kernel.errors import Invalid

Choices = list[tuple[str, Any]]  # value, and words, perhaps of a later language


class OfficeForm(forms.Form):
    """A form that can say what a service refused."""

    def refuse(self, error: Invalid) -> None:
        """Put the words of `error` beside the fields they are about."""
        for name, words in error.fields.items():
            for word in words:
                self.add_error(name if name in self.fields else None, word)

    def offer(self, name: str, choices: Choices) -> None:
        """What can be chosen in a field."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class VersionForm(OfficeForm):
    """A form over something that somebody else may have changed meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


class ProfileForm(VersionForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = _language()
    mail_of_work = forms.BooleanField(
        label=_("Mails about my work"),
        help_text=_("What the office plans, moves or cancels, unless I have seen it in the app."),
        required=False,
    )


class UserForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Email"), max_length=254)
    language = _language()
    is_manager = forms.BooleanField(
        label=_("Manager"),
        help_text=_("Works in the office: orders, planning, customers."),
        required=False,
    )
    is_technician = forms.BooleanField(
        label=_("Technician"),
        help_text=_("Works in the field and sees own work."),
        required=False,
    )
    is_admin = forms.BooleanField(
        label=_("Admin"),
        help_text=_("Adds users, changes settings, gives out tokens."),
        required=False,
    )

    @classmethod
    def values_of(cls, user: User) -> dict[str, Any]:
        """What the form shows for `user`."""
        names = ("name", "email", "language", "is_manager", "is_technician", "is_admin", "version")
        return {name: getattr(user, name) for name in names}


class UserEditForm(UserForm, VersionForm):
    pass


class TokenForm(OfficeForm):
    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("Like: accounting export")
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=365,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (1095, _("3 years"))],
    )


class CompanyForm(VersionForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=16, required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    country = forms.CharField(
        label=_("Country"), min_length=2, max_length=2, help_text=_("Two letters, like BE")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("Email"), max_length=254, required=False)
    vat_number = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        help_text=_("Days begin and end in it; all times are shown in it."),
    )
    zone_confirmed = forms.BooleanField(
        label=_("Change the time zone all the same"),
        help_text=_("What is planned keeps its moment and is shown at other hours."),
        required=False,
    )
    language = _language()
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, help_text=_("Three letters, like EUR")
    )
    number_prefix = forms.CharField(
        label=_("Order numbers begin with"), max_length=12, required=False
    )
    number_digits = forms.IntegerField(
        label=_("Digits of an order number"), min_value=1, max_value=12
    )


class SetupForm(OfficeForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=80,
        help_text=_("Printed by the server when it started."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
