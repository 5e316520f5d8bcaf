"""What people type on the pages of this folder. Rules live in the services; forms only parse."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.zone import at, local
from callout.customers.fields import home_country
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.web.office.widgets import (
    ChoiceByTyping,
    CountryField,
    HoursForm,
    named_by,
    phone_field,
    short,
)
from callout.workforce import selectors
from callout.workforce.models import Absence, AbsenceKind

KINDS = [
    (AbsenceKind.HOLIDAY.value, _("Holiday")),
    (AbsenceKind.SICKNESS.value, _("Sickness")),
    (AbsenceKind.TRAINING.value, _("Training")),
    (AbsenceKind.MEETING.value, _("Meeting")),
    (AbsenceKind.OTHER.value, _("Other")),
]


PARTS = [("days", _("Whole days")), ("morning", _("Morning")), ("afternoon", _("Afternoon"))]


class TechnicianForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    initials = short(_("Initials"), 4, help_text=_("Left empty, from the name."))
    user_id = forms.ChoiceField(
        label=_("Signs in as"), required=False, help_text=_("Nobody, for a subcontractor.")
    )
    phone = phone_field(_("Phone"))
    email = short(_("Email"), 254)
    is_subcontractor = forms.BooleanField(
        label=_("Subcontractor"), help_text=_("Not of the company’s own staff."), required=False
    )
    skill_ids = forms.MultipleChoiceField(
        label=_("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team_id = forms.ChoiceField(label=_("Team"), required=False)
    calendar_id = forms.ChoiceField(label=_("Holidays of"), required=False)
    vehicle_id = ChoiceByTyping("office:vehicle_options", "truck", label=_("Own vehicle"))
    street = short(
        _("Home base: street"), help_text=_("Where the day begins and ends, for the driving.")
    )
    postcode = short(_("Postcode"), 16)
    town = short(_("Town"), 100)
    country = CountryField()
    latitude = short(_("Latitude"), 20)
    longitude = short(_("Longitude"), 20)

    LAYOUT = [
        ["name", "initials"], ["user_id"], ["phone", "email"], ["is_subcontractor"],
        ["skill_ids"], ["team_id", "calendar_id"], ["vehicle_id"], ["street"],
        ["postcode", "town", "country"],
        ["latitude", "longitude"],
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        detail: selectors.TechnicianDetail | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        row = detail.technician if detail else None
        users = selectors.users_to_link(actor=actor, keep=row.user_id if row else None)
        _choices(self, "user_id", [("", _("Nobody")), *[(str(pk), name) for pk, name in users]])
        live = selectors.skill_list(actor=actor).items
        teams = {team.pk: team.name for team in selectors.team_list(actor=actor).items}
        if row and row.team:  # their own stays, though archived meanwhile
            teams.setdefault(row.team.pk, row.team.name)
        _choices(
            self, "team_id", [("", _("None")), *[(str(pk), name) for pk, name in teams.items()]]
        )
        calendars = {one.pk: one.name for one in selectors.calendar_list(actor=actor).items}
        if row and row.calendar:
            calendars.setdefault(row.calendar.pk, row.calendar.name)
        named = [(str(pk), name) for pk, name in calendars.items()]
        _choices(self, "calendar_id", [("", _("The company's calendar")), *named])
        own = detail.skills if detail else []
        skills = {str(skill.pk): skill.name for skill in [*live, *own]}
        _choices(self, "skill_ids", list(skills.items()))
        if not skills:
            self.fields["skill_ids"].help_text = _("No skills yet")
        named_by(
            self,
            "vehicle_id",
            lambda pk: str(selectors.vehicle_detail(actor=actor, vehicle_id=pk)),
        )


def _choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
    field.choices = choices


class EditTechnicianForm(TechnicianForm, VersionForm):
    @staticmethod
    def shown(detail: selectors.TechnicianDetail) -> dict[str, Any]:
        """What the form shows of a technician."""
        row = detail.technician
        names = (
            "name", "initials", "user_id", "email", "is_subcontractor", "team_id", "calendar_id",
            "vehicle_id", "street", "postcode", "town", "country", "latitude", "longitude",
            "version",
        )  # fmt: skip
        return {
            **{name: getattr(row, name) for name in names},
            "phone": phone_shown(row.phone, home_country()),
            "skill_ids": [str(skill.pk) for skill in detail.skills],
        }


class WeekForm(HoursForm, OfficeForm):
    valid_from = forms.DateField(
        label=_("From"),
        help_text=_(
            "The hours before it stay as they were. A later week takes over on its own day."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    LAYOUT = [["valid_from"], ["day0"], ["day1"], ["day2"], ["day3"], ["day4"], ["day5"], ["day6"]]

    def clean(self) -> dict[str, Any]:
        """Seven fields become one week."""
        given = super().clean() or {}
        return {"valid_from": given.get("valid_from"), "days": self.week_typed()}


class AbsenceForm(OfficeForm):
    """Whole days, half of one, or from an hour to an hour: an empty hour is the day's begin, or its
    end. `noon` is when the morning ends."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=AbsenceKind.HOLIDAY.value
    )
    part = forms.ChoiceField(
        label=_("How long"), choices=PARTS, widget=forms.RadioSelect, initial="days", required=False
    )
    first = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    first_hour = forms.TimeField(
        label=_("From"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    last = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_hour = forms.TimeField(
        label=_("Until"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    note = short(_("Note"), 500, help_text=_("For managers only."))

    LAYOUT = [["kind"], ["part"], ["first", "first_hour"], ["last", "last_hour"], ["note"]]
    # The service speaks of moments; people typed days.
    FIELD_OF = {"start": "first", "end": "last"}

    def __init__(self, *args: Any, noon: time, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noon = noon

    def _halved(self, given: dict[str, Any]) -> None:
        """Half a day is hours of its one day."""
        hour = HALVES.get(given.get("part", ""))
        if hour is None:
            return
        if given.get("first_hour") or given.get("last_hour"):
            self.add_error("part", _("Choose half a day, or type hours."))
        elif given.get("first") != given.get("last"):
            self.add_error("part", _("Half a day is one day: make first and last day the same."))
        else:
            given[hour] = self.noon

    def clean(self) -> dict[str, Any]:
        """Days and hours of the company's clock become moments."""
        given = super().clean() or {}
        self._halved(given)
        first, last = given.get("first"), given.get("last")
        if first is None or last is None:
            return given
        if not (1900 <= first.year <= 2199 and 1900 <= last.year <= 2199):
            self.add_error("first", _("This year cannot be right."))
            return given
        return {
            "kind": given.get("kind"),
            "start": at(first, given.get("first_hour") or time()),
            "end": _end(last, given.get("last_hour")),
            "note": given.get("note", ""),
        }


# Which hour of the form each half of a day fills.
HALVES = {"morning": "last_hour", "afternoon": "first_hour"}


def _end(day: date, hour: time | None) -> datetime:
    return at(day, hour) if hour else at(day + timedelta(days=1), time())


class EditAbsenceForm(AbsenceForm, VersionForm):
    def clean(self) -> dict[str, Any]:
        """The version goes along."""
        version = self.cleaned_data.get("version")
        return {**super().clean(), "version": version}

    @staticmethod
    def shown(row: selectors.Away | Absence) -> dict[str, Any]:
        """What the form shows: whole days without hours."""
        start, end = local(row.start), local(row.end)
        whole = end.time() == time()
        last = end.date() - timedelta(days=1) if whole else end.date()
        return {
            "kind": row.kind,
            "first": start.date(),
            "first_hour": None if start.time() == time() else start.time(),
            "last": last,
            "last_hour": None if whole else end.time(),
            "note": row.note,
            "version": row.version,
        }


class VehicleForm(OfficeForm):
    registration = forms.CharField(label=_("Registration"), max_length=20)
    name = short(_("Name"), 80)

    LAYOUT = [["registration"], ["name"]]


class EditVehicleForm(VehicleForm, VersionForm):
    pass


class TeamForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=80)

    LAYOUT = [["name"]]


class EditTeamForm(TeamForm, VersionForm):
    pass


class SkillForm(OfficeForm):
    name = forms.CharField(label=_("Name"), max_length=80)

    LAYOUT = [["name"]]


class EditSkillForm(SkillForm, VersionForm):
    pass
