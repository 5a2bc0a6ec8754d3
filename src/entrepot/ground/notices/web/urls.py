"""Addresses under /notices/."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.wishes, name="settings"),
    path("<uuid:uuid>/read/", views.read, name="read"),
    path("off/<str:secret>/", views.off, name="off"),
]
