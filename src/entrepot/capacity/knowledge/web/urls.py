"""Addresses under /knowledge/."""

from django.urls import path

from . import views

app_name = "knowledge"
urlpatterns = [
    path("", views.practices, name="practices"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.practice, name="practice"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/move/", views.move, name="move"),
    path("<uuid:uuid>/adopt/", views.adopt, name="adopt"),
]
