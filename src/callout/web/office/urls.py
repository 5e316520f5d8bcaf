"""The office's addresses: each screen's folder brings its own.

They are tried in this order: what is opened most stands first.
"""

from django.urls import include, path

app_name = "office"

urlpatterns = [
    path("orders/new/", include("callout.web.office.new_order.urls")),
    path("", include("callout.web.office.orders.urls")),
    path("", include("callout.web.office.account.urls")),
    path("", include("callout.web.office.home.urls")),
    path("", include("callout.web.office.team.urls")),
    path("", include("callout.web.office.customers.urls")),
    path("map/", include("callout.web.office.map.urls")),
    path("", include("callout.web.office.planning.urls")),
    path("", include("callout.web.office.planning.tomorrow_urls")),
    path("", include("callout.web.office.desk.urls")),
    path("", include("callout.web.office.search.urls")),
    path("", include("callout.web.office.settings_orders.urls")),
    path("", include("callout.web.office.settings_calendars.urls")),
    path("", include("callout.web.office.settings_webhooks.urls")),
    path("", include("callout.web.office.copies.urls")),
    path("", include("callout.web.office.planning.draft_urls")),
]
