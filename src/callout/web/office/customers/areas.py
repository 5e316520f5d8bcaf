"""Areas: names for postcodes, to find the work of a region by."""

from django.utils.translation import gettext_lazy as _

from callout.customers import selectors, services
from callout.web.office.customers.forms import AreaForm, EditAreaForm
from callout.web.office.customers.tabs import tabs
from callout.web.office.small import Small

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
    heads=[_("Area"), _("Postcodes")],
    cells=lambda row: [row.postcodes],
    new_label=_("New area"),
    empty=_("No areas yet. An area is a name for postcodes, to find the work of a region by."),
    placeholder=_("Name or postcode as written"),
    created=_("Area created."),
    fields=["name", "postcodes"],
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
