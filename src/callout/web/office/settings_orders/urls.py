from django.urls import path
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.sections import WORK, Section, add, managers
from callout.web.office.settings_orders import checklists, priorities, reasons, types

urlpatterns = [
    path("settings/types/", types.types_page, name="types"),
    path("settings/types/new/", types.type_new, name="type_new"),
    path("settings/types/<uuid:type_id>/", types.type_edit, name="type"),
    path("settings/types/<uuid:type_id>/archive/", types.type_archive, name="type_archive"),
    path("settings/types/<uuid:type_id>/restore/", types.type_restore, name="type_restore"),
    path("settings/types/<uuid:type_id>/checklist/", checklists.checklist_page, name="checklist"),
    path("settings/types/<uuid:type_id>/checklist/new/", checklists.line_new, name="checklist_new"),
    path("settings/checklist/<uuid:item_id>/", checklists.line_edit, name="checklist_item"),
    path(
        "settings/checklist/<uuid:item_id>/move/<slug:way>/",
        checklists.line_move,
        name="checklist_item_move",
    ),
    path(
        "settings/checklist/<uuid:item_id>/archive/",
        checklists.line_archive,
        name="checklist_item_archive",
    ),
    path(
        "settings/checklist/<uuid:item_id>/restore/",
        checklists.line_restore,
        name="checklist_item_restore",
    ),
    path("settings/priorities/", priorities.priorities_page, name="priorities"),
    path("settings/priorities/<slug:code>/", priorities.priority_edit, name="priority"),
    path("settings/reasons/", reasons.reasons_page, name="reasons"),
    path("settings/reasons/new/", reasons.reason_new, name="reason_new"),
    path("settings/reasons/<uuid:reason_id>/", reasons.reason_edit, name="reason"),
    path(
        "settings/reasons/<uuid:reason_id>/archive/", reasons.reason_archive, name="reason_archive"
    ),
    path(
        "settings/reasons/<uuid:reason_id>/restore/", reasons.reason_restore, name="reason_restore"
    ),
]

for title, text, name, icon, position in (
    (_("Types"), _("Kinds of intervention: duration, icon, skills"), "types", "tool", 20),
    (_("Priorities"), _("Labels, and how soon to answer"), "priorities", "chevrons-up", 21),
    (_("Reasons"), _("For cancelling, not finished, customer absent"), "reasons", "message", 22),
):
    add(Section(WORK, title, text, f"office:{name}", icon, managers, position))
