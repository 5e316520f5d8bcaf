"""What is asked before a draft is made. Rules live in the services; forms only parse."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from callout.accounts.zone import at
from callout.planning.drafts.making import MOST_DAYS, MOST_ORDERS
from callout.web.office.account.forms import Choices, OfficeForm
from callout.web.office.team.forms import AbsenceForm


class DaysForm(OfficeForm):
    """On which days, and for whom: somebody, or whoever suits best."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=5,
        error_messages={
            "min_value": _("One day at least."),
            "max_value": _("%(limit_value)s days at most."),
        },
    )
    technician_id = forms.ChoiceField(label=_("Technician"), required=False)

    def __init__(self, *given: Any, technicians: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self.offer("technician_id", [("", _("Whoever suits best")), *technicians])

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        given = self.cleaned_data
        somebody = _id(given["technician_id"])
        return {
            "first": given["first"],
            "days": given["days"],
            "technician_ids": [somebody] if somebody else [],
        }


class AssignForm(DaysForm):
    """For orders that were chosen: those that are planned may keep their day."""

    keep_day = forms.BooleanField(
        label=_("Keep the day of what is planned"),
        help_text=_("Another day only where nothing fits on its own."),
        required=False,
    )

    def __init__(self, *given: Any, planned: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.initial["keep_day"] = True
        if not planned:
            del self.fields["keep_day"]

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {
            **super().values(),
            "replan": True,
            "keep_day": self.cleaned_data.get("keep_day", True),
        }


class AutoPlanForm(DaysForm):
    """The whole pile, or `orders` chosen before: their ids come along hidden."""

    team_id = forms.ChoiceField(label=_("Team"), required=False)
    area_id = forms.ChoiceField(label=_("Area"), required=False)
    order = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self, *given: Any, orders: list[str], teams: Choices, areas: Choices, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.chosen = list(dict.fromkeys(orders))[: MOST_ORDERS + 1]
        self.offer("order", [(one, one) for one in self.chosen])
        self.initial["order"] = self.chosen
        self.offer("team_id", [("", _("All teams")), *teams])
        self.offer("area_id", [("", _("All areas")), *areas])
        if self.chosen:
            del self.fields["area_id"]

    def refuse(self, error: Any) -> None:
        """What is wrong with the orders is wrong with the whole: they have no field to see."""
        error.fields = {("" if n == "order_ids" else n): words for n, words in error.fields.items()}
        super().refuse(error)

    def layout(self) -> list[list[str]]:
        """Which fields stand beside each other."""
        last = [["team_id"]] if self.chosen else [["team_id", "area_id"]]
        return [["first", "days"], ["technician_id"], *last]

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        given = self.cleaned_data
        return {
            **super().values(),
            "order_ids": [UUID(one) for one in given["order"]] if self.chosen else None,
            "team_id": _id(given["team_id"]),
            "area_id": _id(given.get("area_id", "")),
        }


class AbsentForm(AbsenceForm):
    """An absence with whose it is: it is entered, and its visits get proposals."""

    technician_id = forms.ChoiceField(label=_("Technician"))

    LAYOUT = [["technician_id"], *(names for names in AbsenceForm.LAYOUT if names != ["part"])]

    def __init__(self, *given: Any, technicians: Choices, **more: Any) -> None:
        # When the morning ends is a matter of whose week it is, and that is chosen in the form:
        # half a day is typed by its hours here.
        super().__init__(*given, noon=time(12), **more)
        del self.fields["part"]
        # Nobody is chosen before: the first of the list would be made absent by mistake.
        self.offer("technician_id", [("", _("Choose…")), *technicians])

    def clean(self) -> dict[str, Any]:
        """Whose it is goes along."""
        technician_id = self.cleaned_data.get("technician_id", "")
        return {**super().clean(), "technician_id": _id(technician_id)}


class AnewForm(OfficeForm):
    """The arrival promised anew for one move, on the day on which it would begin."""

    day = forms.DateField()
    begin = forms.TimeField()
    until = forms.TimeField()

    def interval(self) -> tuple[datetime, datetime] | None:
        """From when to when; None where that is not said."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return at(given["day"], given["begin"]), at(given["day"], given["until"])


def _id(given: str) -> UUID | None:
    return UUID(given) if given else None
