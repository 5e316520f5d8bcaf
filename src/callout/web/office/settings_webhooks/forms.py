"""What is typed of a webhook."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.webhooks.events import ALL, KINDS, THINGS
from callout.webhooks.models import Webhook

WHICH = [("every", _("Every event")), ("some", _("Only those ticked here"))]


class WebhookForm(OfficeForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program it is, like: accounting")
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("Begins with https://. It is asked by POST; redirects are not followed."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    which = forms.ChoiceField(choices=WHICH, initial="every", required=False)
    events = forms.MultipleChoiceField(
        choices=lambda: [
            (f"{entity}.{kind}", KINDS[kind])
            for entity, thing in THINGS.items()
            for kind in thing.kinds
        ],
        required=False,
    )

    def given(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the service takes. Who does not say which is told what is ticked."""
        values = {name: value for name, value in cleaned.items() if name != "which"}
        every = cleaned["which"] == "every"
        return values | {"events": [ALL] if every else list(cleaned["events"])}

    def groups(self) -> Iterator[dict[str, Any]]:
        """The events by kind of thing, with those that are chosen."""
        chosen = set(self["events"].value() or [])
        for entity, thing in THINGS.items():
            names = {f"{entity}.{kind}": KINDS[kind] for kind in thing.kinds}
            yield {
                "words": thing.words,
                "rows": [(name, words, name in chosen) for name, words in names.items()],
                "count": len(names.keys() & chosen),
            }


class WebhookEditForm(WebhookForm, VersionForm):
    is_on = forms.BooleanField(
        label=_("Switched on"),
        help_text=_("What happens while it is off is not told later."),
        required=False,
    )

    @classmethod
    def values_of(cls, row: Webhook) -> dict[str, Any]:
        """What the form shows for `row`."""
        return {
            "name": row.name,
            "address": row.address,
            "which": "every" if ALL in row.events else "some",
            "events": [name for name in row.events if name != ALL],
            "is_on": row.is_on,
            "version": row.version,
        }
