"""Addresses under /me/."""

from django.urls import path

from . import codes, views

app_name = "access"
urlpatterns = [
    path("", views.me, name="me"),
    path("tokens/<uuid:uuid>/revoke/", views.revoke, name="revoke"),
    path("join/<str:secret>/", views.join, name="join"),
    path("invite/<uuid:uuid>/", views.invite, name="invite"),
    path("code/", codes.give, name="code"),
    path("code/<uuid:uuid>/", codes.short_code, name="short_code"),
]
