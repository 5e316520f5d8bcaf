"""What is typed about calendars and holidays; the services judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.web.office.widgets import HoursForm
from callout.workforce.public_holidays import countries, regions


def _date() -> forms.DateField:
    return forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CalendarForm(HoursForm, OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=80)

    def clean(self) -> dict[str, Any]:
        """Seven fields become one week."""
        given = super().clean() or {}
        return {"name": given.get("name"), "days": self.week_typed()}

    def add_error(self, field: str | None, error: Any) -> None:
        """What is said of the week as a whole stands over the form."""
        super().add_error(None if field == "days" else field, error)


class EditCalendarForm(CalendarForm, VersionForm):
    def clean(self) -> dict[str, Any]:
        """The version goes along."""
        version = self.cleaned_data.get("version")
        return {**super().clean(), "version": version}


class HolidayForm(OfficeForm):
    date = _date()
    name = forms.CharField(label=_("Name"), max_length=80)

    LAYOUT = [["date"], ["name"]]


class EditHolidayForm(HolidayForm, VersionForm):
    pass


class FillForm(OfficeForm):
    """The regions offered are those of the country chosen: asked again when that changes."""

    year = forms.IntegerField(label=_("Year"))
    country = forms.ChoiceField(label=_("Country"), choices=countries)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, regions_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self["country"].value() or "")
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101 - declared so above
        region.choices = [("", _("The whole country")), *regions(chosen)]
        self.fields["country"].widget.attrs |= {
            "hx-get": regions_url,
            "hx-target": "#fill-region",
            "hx-swap": "innerHTML",
            "hx-trigger": "change",
        }


class ImportForm(OfficeForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("a calendar (.ics) or a table (.csv: date and name), 512 kB at most"),
        widget=forms.FileInput(attrs={"accept": ".ics,.csv"}),
        max_length=200,
    )
