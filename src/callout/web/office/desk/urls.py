from django.urls import path

from callout.web.office.desk import views

urlpatterns = [
    path("desk/", views.desk_page, name="desk"),
    path("desk/count/", views.desk_count_part, name="desk_count"),
    path("desk/notes/<uuid:note_id>/put-away/", views.note_off_desk, name="note_put_away"),
    path("desk/<uuid:report_id>/decide/", views.report_decide, name="report_decide"),
]
