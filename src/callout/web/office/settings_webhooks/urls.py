from django.urls import path
from django.utils.translation import gettext_lazy as _

from callout.web.office.account.sections import COMPANY, Section, add, admins
from callout.web.office.settings_webhooks import views

urlpatterns = [
    path("settings/webhooks/", views.webhooks_page, name="webhooks"),
    path("settings/webhooks/new/", views.webhook_new, name="webhook_new"),
    path("settings/webhooks/<uuid:webhook_id>/", views.webhook_page, name="webhook"),
    path(
        "settings/webhooks/<uuid:webhook_id>/secret/", views.webhook_secret, name="webhook_secret"
    ),
    path("settings/webhooks/<uuid:webhook_id>/test/", views.webhook_test, name="webhook_test"),
    path(
        "settings/webhooks/<uuid:webhook_id>/remove/", views.webhook_remove, name="webhook_remove"
    ),
    path(
        "settings/webhooks/<uuid:webhook_id>/again/<uuid:delivery_id>/",
        views.delivery_again,
        name="delivery_again",
    ),
]

add(
    Section(
        COMPANY,
        _("Webhooks"),
        _("Tell other programs what happens"),
        "office:webhooks",
        "webhook",
        admins,
        13,
    )
)
