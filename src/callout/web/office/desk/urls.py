from django.urls import path

from callout.web.office.desk import views

urlpatterns = [
    path("desk/", views.desk_page, name="desk"),
    path("desk/count/", views.desk_count_part, name="desk_count"),
    path("desk/<uuid:report_id>/decide/", views.report_decide, name="report_decide"),
]
