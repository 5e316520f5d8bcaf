from django.urls import path
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.sections import COMPANY, Section, add, admins
from callout.web.office.copies import views

PLACE = "settings/copies/"
urlpatterns = [
    path(PLACE, views.copies_page, name="copies"),
    path(f"{PLACE}exports/", views.exports_live, name="exports"),
    path(f"{PLACE}exports/new/", views.export_new, name="export_new"),
    path(f"{PLACE}exports/<uuid:export_id>/stop/", views.export_stop, name="export_stop"),
    path(f"{PLACE}exports/<uuid:export_id>/fetch/", views.export_fetch, name="export_fetch"),
    path(f"{PLACE}exports/<uuid:export_id>/remove/", views.export_remove, name="export_remove"),
]

add(
    Section(
        COMPANY,
        _("Backup and export"),
        _("The last backup, and everything as files to take away"),
        "office:copies",
        "download",
        admins,
        13,
    )
)
