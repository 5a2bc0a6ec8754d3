"""Addresses under /certificates/."""

from django.urls import path

from . import views

app_name = "credentials"
urlpatterns = [
    path("", views.certificates, name="certificates"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verified, name="verified"),
    path("<uuid:uuid>/revoke/", views.revoke, name="revoke"),
    path("<uuid:uuid>/replace/", views.replace, name="replace"),
    path("of/<str:key>.pdf", views.certificate_file, name="certificate_file"),
]
