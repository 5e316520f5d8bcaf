from django.urls import path

from callout.web.technician import downloads

app_name = "technician_files"

urlpatterns = [
    path("<uuid:attachment_id>", downloads.file, name="file"),
    path("<uuid:attachment_id>/thumb", downloads.thumb, name="thumb"),
]
