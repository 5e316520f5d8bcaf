"""What is typed about types, priorities and reasons; the services judge it."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from callout.orders.models import InterventionType, Priority, Reason
from callout.orders.services.catalogue import ICONS
from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.web.ui import marks


def _icon_shown(icon: str) -> SafeString:
    """The icon itself; its name is read aloud."""
    return marks.icon(icon, "20") + format_html('<span class="co-vh">{}</span>', icon)


_pictured = lazy(_icon_shown, SafeString)  # when it is shown: the build may come later


class TypeForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    duration_minutes = forms.IntegerField(
        label=_("Usual duration, minutes"), min_value=5, max_value=1440, initial=60
    )
    icon = forms.ChoiceField(
        label=_("Icon"),
        choices=[(icon, _pictured(icon)) for icon in ICONS],
        widget=forms.RadioSelect,
    )
    skill_ids = forms.MultipleChoiceField(
        label=_("Skills needed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=999, initial=0
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, skills: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill_ids"].choices = skills  # type: ignore[attr-defined]

    @staticmethod
    def values_of(row: InterventionType) -> dict[str, Any]:
        """The form's first values for an existing type."""
        return {
            "name": row.name,
            "duration_minutes": row.duration_minutes,
            "icon": row.icon,
            "skill_ids": [str(skill.pk) for skill in row.skills.all()],
            "position": row.position,
            "version": row.version,
        }


class PriorityForm(VersionForm):
    label = forms.CharField(label=_("Label"), max_length=40)
    colour = forms.RegexField(
        r"^(#[0-9a-fA-F]{6})?$",
        label=_("Colour"),
        help_text=_("like #c3152f; empty for none"),
        required=False,
        max_length=7,
        error_messages={"invalid": _("A colour looks like #c3152f.")},
    )
    response_hours = forms.IntegerField(
        label=_("Answer within, hours"),
        help_text=_(
            "From when an order is received until somebody should be there; empty: no target."
        ),
        required=False,
        min_value=1,
        max_value=8760,
    )
    working_hours_only = forms.BooleanField(
        label=_("Counts in working hours only"),
        help_text=_("those of the company's default calendar, without its holidays"),
        required=False,
    )

    @staticmethod
    def values_of(row: Priority) -> dict[str, Any]:
        """The form's first values."""
        return {
            "label": row.label,
            "colour": row.colour,
            "response_hours": row.response_hours,
            "working_hours_only": row.working_hours_only,
            "version": row.version,
        }


def kinds() -> list[tuple[str, Any]]:
    """What a reason is for."""
    return [
        (Reason.CANCEL, _("Cancelling")),
        (Reason.HAND_BACK, _("Not finished")),
        (Reason.ABSENT, _("Customer absent")),
    ]


class ReasonForm(OfficeForm):
    kind = forms.ChoiceField(label=_("For"), choices=kinds, widget=forms.RadioSelect)
    label = forms.CharField(label=_("Reason"), max_length=80)


class ReasonEditForm(VersionForm):
    label = forms.CharField(label=_("Reason"), max_length=80)
