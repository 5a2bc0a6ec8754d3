"""Addresses under /journal/."""

from django.urls import path

from . import views

app_name = "journal"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("entries.csv", views.table, name="table"),
    path("<uuid:uuid>/", views.entry, name="entry"),
]
