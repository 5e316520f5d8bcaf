from django.urls import path

from callout.web.office.planning import tomorrow

urlpatterns = [path("planning/tomorrow/", tomorrow.tomorrow_page, name="planning_tomorrow")]
