"""Addresses under /region/."""

from django.urls import path

from . import views

app_name = "region"
urlpatterns = [
    path("", views.network_page, name="network"),
    path("<uuid:uuid>/", views.place, name="place"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/vice-chair/", views.hand_over, name="hand_over"),
]
