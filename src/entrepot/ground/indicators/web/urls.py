"""Addresses under /indicators/."""

from django.urls import path

from . import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.indicator, name="indicator"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/retire/", views.retire, name="retire"),
    path("<uuid:uuid>/enter/", views.enter, name="enter"),
    path("<uuid:uuid>/file/", views.file, name="file"),
    path("<uuid:uuid>/form.csv", views.blank, name="blank"),
    path("<uuid:uuid>/values.csv", views.export, name="export"),
    path("values/<uuid:uuid>/", views.value, name="value"),
    path("series/<uuid:uuid>/share/", views.share, name="share"),
]
