from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What a field says that was left empty: what to do, as the services say it. A form may know better.
EMPTY: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill this in."),
    forms.ChoiceField: _("Choose one of the list."),
    forms.FileField: _("Choose a file first."),
    forms.DateField: _("Choose a date."),
    forms.DateTimeField: _("Choose a day and an hour."),
}


class WebConfig(AppConfig):
    name = "callout.web"
    label = "web"

    def ready(self) -> None:
        """Of all forms, those of allauth too: Django's own words are “This field is required.”"""
        for field, words in EMPTY.items():
            # A class without messages of its own has those above it: those are not changed here.
            own = field.__dict__.get("default_error_messages", {})
            field.default_error_messages = {**own, "required": words}
