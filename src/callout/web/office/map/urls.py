from django.urls import path

from callout.web.office.map import views

urlpatterns = [
    path("", views.map_page, name="map"),
    path("table/", views.table_page, name="map_table"),
    path("soonest/<uuid:order_id>/", views.soonest_page, name="map_soonest"),
]
