from django.urls import path

from callout.web.office.search import views

urlpatterns = [path("search/", views.search_page, name="search")]
