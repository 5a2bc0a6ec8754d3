"""Addresses under /records/."""

from django.urls import path

from . import keys, views

app_name = "records"
urlpatterns = [
    path("stream/", views.stream, name="stream"),
    path("mine/", views.mine, name="mine"),
    path("people/<uuid:uuid>/", views.person, name="person"),
    path("statements/<uuid:uuid>/", views.statement, name="statement"),
    path("volumes/", views.volumes, name="volumes"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:uuid>/rotate/", keys.rotate, name="rotate"),
    path("keys/<uuid:uuid>/revoke/", keys.revoke, name="revoke"),
]
