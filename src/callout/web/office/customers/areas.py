"""Areas: names for postcodes, to find the work of a region by."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.customers import selectors, services
from callout.customers.models import Area
from callout.web.office.customers.forms import AreaForm, EditAreaForm
from callout.web.office.customers.tabs import tabs
from callout.web.office.small import Small


def _driving(row: Area) -> str:
    """What the area says of driving from there; nothing where it is as everywhere."""
    detour = gettext("%(percent)d %% of the straight line") % {"percent": row.detour_percent or 0}
    speed = gettext("%(kmh)d km/h") % {"kmh": row.kmh or 0}
    return ", ".join([detour] * bool(row.detour_percent) + [speed] * bool(row.kmh))


AREAS = Small(
    many="areas",
    stem="area",
    new_name="area_new",
    key="area_id",
    place="areas/",
    nav="customers",
    tabs=tabs,
    live="area",
    title=_("Areas"),
    heads=[_("Area"), _("Postcodes"), _("Driving")],
    cells=lambda row: [row.postcodes, _driving(row)],
    new_label=_("New area"),
    empty=_("No areas yet"),
    empty_text=_("An area is a name for postcodes, to find the work of a region by."),
    placeholder=_("Name or postcode as written"),
    created=_("Area created."),
    fields=["name", "postcodes", "detour_percent", "kmh"],
    form=AreaForm,
    edit_form=EditAreaForm,
    layout=AreaForm.LAYOUT,
    note=_(
        "With commas between: a postcode like 3000, a range like 1000-1299, a beginning like 15*."
    ),
    found=selectors.area_list,
    detail=selectors.area_detail,
    create=services.area_create,
    update=services.area_update,
    archive=services.area_archive,
    restore=services.area_restore,
)
