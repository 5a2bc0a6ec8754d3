"""The desk's addresses."""

from django.urls import path

from . import persons, views

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
    path("demo/enter/", views.enter, name="enter"),
    path("my-data.json", persons.my_data, name="my_data"),
    path("merge/", persons.merge_two, name="merge"),
    path("erase/<uuid:uuid>/", persons.erase_person, name="erase"),
    path("switches/", views.switches, name="switches"),
    path("healthz", views.health, name="health"),
]
