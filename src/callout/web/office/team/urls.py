from django.urls import path

from callout.web.office.team import equipment, teams, technicians, times

urlpatterns = [
    path("team/", technicians.team_page, name="team"),
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
    path("teams/", teams.teams_page, name="teams"),
    path("teams/new/", teams.team_new, name="team_new"),
    path("teams/<uuid:team_id>/", teams.team_page, name="team_edit"),
    path("teams/<uuid:team_id>/archive/", teams.team_archive, name="team_edit_archive"),
    path("teams/<uuid:team_id>/restore/", teams.team_restore, name="team_edit_restore"),
    path("vehicles/", equipment.vehicles_page, name="vehicles"),
    path("vehicles/new/", equipment.vehicle_new, name="vehicle_new"),
    path("vehicles/options/", equipment.vehicle_options, name="vehicle_options"),
    path("vehicles/<uuid:vehicle_id>/", equipment.vehicle_page, name="vehicle"),
    path("vehicles/<uuid:vehicle_id>/archive/", equipment.vehicle_archive, name="vehicle_archive"),
    path("vehicles/<uuid:vehicle_id>/restore/", equipment.vehicle_restore, name="vehicle_restore"),
    path("settings/skills/", equipment.skills_page, name="skills"),
    path("settings/skills/new/", equipment.skill_new, name="skill_new"),
    path("settings/skills/<uuid:skill_id>/", equipment.skill_page, name="skill"),
    path("settings/skills/<uuid:skill_id>/archive/", equipment.skill_archive, name="skill_archive"),
    path("settings/skills/<uuid:skill_id>/restore/", equipment.skill_restore, name="skill_restore"),
]
