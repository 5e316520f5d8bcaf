"""What people type about an order. Rules live in the services; forms only parse."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from callout.accounts.zone import local
from callout.kernel.actor import Actor
from callout.orders.selectors.catalogue import reason_page
from callout.orders.selectors.choices import Thing
from callout.orders.services import Command
from callout.web.office.account.forms import Choices, VersionForm


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A day and an hour by the company's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=formats, validators=[_year_check], **kwargs
    )


def _year_check(moment: datetime) -> None:
    """Other years have days that do not fit into a calendar, and nobody means them."""
    if not 1900 <= moment.year <= 2199:
        raise forms.ValidationError(_("This year cannot be right."))


def minutes_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A number of minutes."""
    widget = forms.NumberInput(attrs={"step": 1})
    words = {
        "min_value": _("At least %(limit_value)s minutes."),
        "max_value": _("At most %(limit_value)s minutes."),
    }
    return forms.IntegerField(label=label, widget=widget, error_messages=words, **kwargs)


class OrderForm(VersionForm):
    """A form about an order, sent with the version that its reader saw."""

    def command(self) -> Command:
        """What was typed, for the service."""
        raise NotImplementedError

    def renew(self, version: int, words: str) -> None:
        """Somebody was faster: say it, keep what was typed, take the version of now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(version)
        self.data = data
        self.add_error(None, words)


class StepForm(OrderForm):
    """How it ended, or when it truly happened."""

    reason_id = forms.ChoiceField(label=_("Reason"), required=False, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    occurred_at = moment_field(_("At"), required=False)

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reasons:
            self.offer("reason_id", reasons)
        else:
            del self.fields["reason_id"]

    def command(self) -> Command:
        """What was typed, for the service."""
        given = self.cleaned_data
        reason = given.get("reason_id")
        return Command(
            reason_id=UUID(reason) if reason else None,
            note=given["note"],
            occurred_at=given["occurred_at"],
        )


class AtForm(StepForm):
    """A step that happened at another time than now."""

    action = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    field_order = ("action", "occurred_at", "note", "version")

    def __init__(self, *args: Any, actions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, reasons=[], **kwargs)
        self.offer("action", actions)
        self.fields["occurred_at"].required = True


# The slot may move; what somebody was told stands until they are told otherwise.
PROMISE = _("What the customer was told. Moving the visit never changes it.")


class PlanForm(OrderForm):
    """Who goes, and when."""

    technician_id = forms.ChoiceField(label=_("Technician"))
    start = moment_field(_("Start"))
    duration_minutes = minutes_field(_("Duration, minutes"), min_value=1, max_value=1440)
    vehicle_id = forms.ChoiceField(label=_("Vehicle"), required=False)
    helper_ids = forms.MultipleChoiceField(label=_("Helpers"), required=False)
    allow_overlap = forms.BooleanField(
        label=_("Allow overlap"),
        help_text=_("on purpose, though the technician has something else then"),
        required=False,
    )
    promise_from = moment_field(_("Promised from"), required=False, help_text=PROMISE)
    promise_to = moment_field(_("Until"), required=False)

    def __init__(
        self, *args: Any, technicians: Choices, vehicles: Choices, promise: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("technician_id", technicians)
        self.offer("helper_ids", technicians[1:])
        self.offer("vehicle_id", vehicles)
        if not promise:
            del self.fields["promise_from"], self.fields["promise_to"]

    def command(self) -> Command:
        """What was typed, for the service."""
        given = self.cleaned_data
        return Command(
            technician_id=UUID(given["technician_id"]),
            start=given["start"],
            duration_minutes=given["duration_minutes"],
            vehicle_id=UUID(given["vehicle_id"]) if given["vehicle_id"] else None,
            helper_ids=tuple(UUID(one) for one in given["helper_ids"]),
            allow_overlap=given["allow_overlap"],
            promise_from=given.get("promise_from"),
            promise_to=given.get("promise_to"),
        )


class AfterwardsForm(OrderForm):
    """Completed without having been planned: who did it, and when."""

    technician_id = forms.ChoiceField(label=_("Done by"))
    start = moment_field(_("Began at"))
    duration_minutes = minutes_field(_("Duration, minutes"), min_value=1, max_value=1440)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, technicians: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("technician_id", technicians)

    def command(self) -> Command:
        """What was typed, for the service."""
        given = self.cleaned_data
        return Command(
            technician_id=UUID(given["technician_id"]),
            start=given["start"],
            duration_minutes=given["duration_minutes"],
            note=given["note"],
        )


class PromiseForm(OrderForm):
    """What the customer was told."""

    promise_from = moment_field(_("Arrival from"), help_text=PROMISE)
    promise_to = moment_field(_("Until"))


class WaitForm(OrderForm):
    """What an order to plan waits for."""

    waiting_for = forms.ChoiceField(label=_("Waits for"), required=False, widget=forms.RadioSelect)
    waiting_until = forms.DateField(
        label=_("Comes back on"),
        help_text=_("On that day the order is back among those to plan, by itself."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    waiting_note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("waiting_for", choices)


def wall(moment: datetime | None) -> datetime | None:
    """A moment by the company's clock, as a field is filled with it."""
    return local(moment) if moment else None


def named(things: Iterable[Thing]) -> Choices:
    """What can be chosen, by its name."""
    return [(str(one.id), one.name) for one in things]


def reason_choices(actor: Actor, kind: str) -> Choices:
    """The reasons of a kind; none for what takes none."""
    if not kind:
        return []
    rows = reason_page(actor=actor, kind=kind, limit=100).items
    return [(str(row.pk), row.label) for row in rows]


def moment_typed(value: datetime | None) -> str:
    """A moment as its field shows it."""
    return f"{value:%Y-%m-%dT%H:%M}" if value else ""
