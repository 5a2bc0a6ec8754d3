"""The desk's addresses."""

from django.urls import path

from . import views

app_name = "desk"
urlpatterns = [
    path("", views.front, name="front"),
    path("today/", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar.ics", views.calendar_file, name="calendar_file"),
    path("roles/", views.roles, name="roles"),
    path("about/", views.about, name="about"),
    path("demo/", views.demo, name="demo"),
    path("switches/", views.switches, name="switches"),
    path("healthz", views.health, name="health"),
]
