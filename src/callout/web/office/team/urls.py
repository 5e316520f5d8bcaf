from django.urls import path

from callout.web.office.small import small_urls
from callout.web.office.team import equipment, phone, technicians, times, week
from callout.web.office.team.teams import TEAMS

urlpatterns = [
    path("team/", technicians.team_page, name="team"),
    path("team/week/", week.week_page, name="team_week"),
    path("team/phone/", phone.phone_setup, name="phone_setup"),
    path("team/phone/address.svg", phone.phone_picture, name="phone_picture"),
    path("team/new/", technicians.technician_new, name="technician_new"),
    path("team/options/", technicians.technician_options, name="technician_options"),
    path("team/<uuid:technician_id>/", technicians.technician_page, name="technician"),
    path("team/<uuid:technician_id>/edit/", technicians.technician_edit, name="technician_edit"),
    path(
        "team/<uuid:technician_id>/archive/",
        technicians.technician_archive,
        name="technician_archive",
    ),
    path(
        "team/<uuid:technician_id>/restore/",
        technicians.technician_restore,
        name="technician_restore",
    ),
    path("team/<uuid:technician_id>/hours/", times.week_set, name="week_set"),
    path(
        "team/<uuid:technician_id>/hours/<uuid:week_id>/remove/",
        times.week_remove,
        name="week_remove",
    ),
    path("team/<uuid:technician_id>/absences/new/", times.absence_new, name="absence_new"),
    path("absences/<uuid:absence_id>/edit/", times.absence_edit, name="absence_edit"),
    path("absences/<uuid:absence_id>/remove/", times.absence_remove, name="absence_remove"),
    path("team/<uuid:technician_id>/times/new/", times.time_new, name="time_new"),
    path("times/<uuid:time_entry_id>/edit/", times.time_edit, name="time_edit"),
    path("times/<uuid:time_entry_id>/remove/", times.time_remove, name="time_remove"),
    *small_urls(TEAMS),
    path("vehicles/options/", equipment.vehicle_options, name="vehicle_options"),
    *small_urls(equipment.VEHICLES),
    *small_urls(equipment.SKILLS),
]
