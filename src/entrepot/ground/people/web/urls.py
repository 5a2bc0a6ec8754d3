"""Addresses under /people/."""

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/", views.person, name="person"),
    path("<uuid:uuid>/edit/", views.edit_person, name="edit"),
    path("<uuid:uuid>/post/", views.post_person, name="post"),
    path("postings/<uuid:uuid>/end/", views.end, name="end"),
]
