"""What is asked of who imports: the file, what its columns are, what of it is to be done."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from callout.customers.imports.columns import column_name, columns_of
from callout.customers.models import Import, ImportKind
from callout.web.office.account.forms import OfficeForm, VersionForm
from callout.web.office.customers.import_shown import titles


class SendForm(OfficeForm):
    kind = forms.ChoiceField(
        label=_("What is in it?"), choices=lambda: list(titles().items()), widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A table saved as CSV: at most 20,000 rows and 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        max_length=200,
    )


class ColumnsForm(OfficeForm):
    """A choice for each field that a file of this kind may give."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    has_head = forms.BooleanField(
        label=_("The first line holds the names of the columns"), required=False
    )

    def __init__(self, data: Any = None, *, run: Import, **kwargs: Any) -> None:
        initial = {
            "version": run.version,
            "has_head": run.has_head,
            "with_site": run.options.get("with_site", False),
            **{f"column-{name}": str(place) for name, place in run.columns.items()},
        }
        super().__init__(data, initial=initial, **kwargs)
        self.run = run
        wide = max(len(run.head), len(run.sample))
        offered = [(str(place), _offered(run, place)) for place in range(wide)]
        for column in columns_of(run.kind):
            self.fields[f"column-{column.name}"] = forms.ChoiceField(
                label=str(column.label),
                required=column.needed,
                choices=[("", _("not in the file")), *offered],
            )
        if run.kind == ImportKind.CUSTOMERS:
            self.fields["with_site"] = forms.BooleanField(
                label=_("Work is done at these addresses: create a site at each"), required=False
            )

    def chosen(self) -> dict[str, int | None]:
        """The number of each field's column."""
        given = {
            column.name: self.cleaned_data[f"column-{column.name}"]
            for column in columns_of(self.run.kind)
        }
        return {name: int(place) if place else None for name, place in given.items()}

    def refuse(self, error: Any) -> None:
        """The service names fields, the form their columns."""
        for name, words in error.fields.items():
            place = f"column-{name}"
            for word in words:
                self.add_error(place if place in self.fields else None, word)

    def columns(self) -> list[Any]:
        """The choices, in the order in which they are asked."""
        return [self[f"column-{column.name}"] for column in columns_of(self.run.kind)]


def _offered(run: Import, place: int) -> str:
    """A column's name and, in brackets, what the first row below has in it."""
    example = run.sample[place] if place < len(run.sample) else ""
    name = column_name(run.head, place)
    return f"{name} ({example[:24]})" if example else name


class ConfirmForm(VersionForm):
    """What more than the new is to be done; asked only where there is such."""

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if many := counts["changes"]:
            words = ngettext(
                "Also change %(count)d that is known and differs",
                "Also change %(count)d that are known and differ",
                many,
            )
            self.fields["with_changes"] = forms.BooleanField(
                label=words % {"count": many}, required=False
            )
        if many := counts["likely"]:
            words = ngettext(
                "Also create %(count)d that may be known already",
                "Also create %(count)d that may be known already",
                many,
            )
            self.fields["with_likely"] = forms.BooleanField(
                label=words % {"count": many}, required=False
            )
