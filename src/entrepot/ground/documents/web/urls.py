"""Addresses under /documents/."""

from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("", views.documents, name="documents"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.document, name="document"),
    path("<uuid:uuid>/file/", views.content, name="content"),
    path("<uuid:uuid>/retire/", views.retire_one, name="retire"),
]
