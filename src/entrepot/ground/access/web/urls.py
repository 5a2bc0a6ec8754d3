"""Addresses under /me/."""

from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("", views.me, name="me"),
    path("tokens/<uuid:uuid>/revoke/", views.revoke, name="revoke"),
    path("join/<str:secret>/", views.join, name="join"),
    path("invite/<uuid:uuid>/", views.invite, name="invite"),
]
