from django.urls import path

from callout.web.technician import (
    adding,
    code,
    devices,
    files,
    handover,
    pages,
    push,
    shell,
    sync,
    taps,
)

app_name = "technician"

urlpatterns = [
    path("", shell.shell, name="shell"),
    path("sw.js", shell.worker, name="worker"),
    path("app.webmanifest", shell.manifest, name="manifest"),
    path("today/", pages.today_page, name="today"),
    path("device", devices.sign_in, name="device"),
    path("sign-out", devices.sign_out, name="sign_out"),
    path("sync", sync.sync, name="sync"),
    path("handover", handover.handover, name="handover"),
    path("consent", devices.consent, name="consent"),
    path("code/<uuid:visit_id>", devices.code, name="visit_code"),
    path("files/<slug:sha256>", files.state, name="upload"),
    path("files/<slug:sha256>/<int:part>", files.part, name="upload_part"),
    path("orders/<uuid:order_id>/", pages.order_page, name="order"),
    path("orders/<uuid:order_id>/earlier/", pages.earlier_page, name="earlier"),
    path("orders/<uuid:order_id>/do/<slug:code>/", taps.act_page, name="act"),
    path("orders/<uuid:order_id>/step/", taps.step_page, name="step"),
    path("orders/<uuid:order_id>/note/", adding.note_page, name="note"),
    path("orders/<uuid:order_id>/hours/", adding.hours_page, name="hours"),
    path("orders/<uuid:order_id>/files/", adding.file_add, name="file_add"),
    path("orders/<uuid:order_id>/files/<uuid:file_id>/", adding.file_page, name="file"),
    path("orders/<uuid:order_id>/code/", code.code_look, name="code"),
    path("push", push.push, name="push"),
]
