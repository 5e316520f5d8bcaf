from django.urls import path

from callout.web.office.new_order import pages

urlpatterns = [
    path("", pages.new_page, name="order_new"),
    path("place/", pages.place_part, name="order_new_place"),
    path("suggest/", pages.suggest_part, name="order_new_suggest"),
    path("plan/", pages.plan_part, name="order_new_plan"),
    path("check/", pages.check_part, name="order_new_check"),
    path("search/", pages.search_part, name="order_new_search"),
    path("<uuid:order_id>/undo/", pages.undo_part, name="order_new_undo"),
]
