"""Addresses under /programme/needs/."""

from django.urls import path

from . import views

app_name = "needs"
urlpatterns = [
    path("", views.needs, name="needs"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.need, name="need"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/withdraw/", views.withdraw, name="withdraw"),
]
