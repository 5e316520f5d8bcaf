from django.urls import path

from callout.web.office.planning import board

urlpatterns = [path("planning/", board.board_page, name="planning")]
