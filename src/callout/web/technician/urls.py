from django.urls import path

from callout.web.technician import devices, files, handover, push, shell, sync

app_name = "technician"

urlpatterns = [
    path("", shell.shell, name="shell"),
    path("sw.js", shell.worker, name="worker"),
    path("app.webmanifest", shell.manifest, name="manifest"),
    path("device", devices.sign_in, name="device"),
    path("sign-out", devices.sign_out, name="sign_out"),
    path("sync", sync.sync, name="sync"),
    path("handover", handover.handover, name="handover"),
    path("consent", devices.consent, name="consent"),
    path("code/<uuid:visit_id>", devices.code, name="visit_code"),
    path("files/<slug:sha256>", files.state, name="upload"),
    path("files/<slug:sha256>/<int:part>", files.part, name="upload_part"),
    path("push", push.push, name="push"),
]
