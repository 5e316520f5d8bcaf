from django.urls import path

from callout.web.office.home import views

urlpatterns = [
    path("home/", views.home_page, name="home"),
    path("home/figures/", views.home_figures, name="home_figures"),
    path("home/steps/away/", views.steps_away, name="home_steps_away"),
    path("home/weeks/", views.home_weeks, name="home_weeks"),
    path("home/check/", views.home_check, name="home_check"),
]
