from django.urls import path
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.sections import WORK, Section, add, managers
from callout.web.office.settings_calendars import calendars, holidays

PLACE = "settings/calendars/"
ONE = f"{PLACE}<uuid:calendar_id>/"
urlpatterns = [
    path(PLACE, calendars.calendars_page, name="calendars"),
    path(f"{PLACE}new/", calendars.calendar_new, name="calendar_new"),
    path(ONE, calendars.calendar_page, name="calendar"),
    path(f"{ONE}edit/", calendars.calendar_edit, name="calendar_edit"),
    path(f"{ONE}default/", calendars.calendar_default, name="calendar_default"),
    path(f"{ONE}archive/", calendars.calendar_archive, name="calendar_archive"),
    path(f"{ONE}restore/", calendars.calendar_restore, name="calendar_restore"),
    path(f"{ONE}holidays/new/", holidays.holiday_new, name="holiday_new"),
    path(f"{ONE}holidays/fill/", holidays.holidays_fill, name="holidays_fill"),
    path(f"{ONE}holidays/regions/", holidays.holiday_regions, name="holiday_regions"),
    path(f"{ONE}holidays/import/", holidays.holidays_import, name="holidays_import"),
    path("settings/holidays/<uuid:holiday_id>/", holidays.holiday_edit, name="holiday"),
    path(
        "settings/holidays/<uuid:holiday_id>/remove/",
        holidays.holiday_remove,
        name="holiday_remove",
    ),
]

add(
    Section(
        WORK,
        _("Calendars"),
        _("Opening hours and public holidays"),
        "office:calendars",
        "calendar",
        managers,
        23,
    )
)
