"""Addresses under /reports/."""

from django.urls import path

from . import views

app_name = "reporting"
TABLES, PAPERS = ("csv", "xlsx"), ("pdf", "docx")
urlpatterns = [
    path("activities/", views.activities, name="activities"),
    *[path(f"activities.{form}", views.activities_file, {"form": form}, name=f"activities_{form}") for form in TABLES + PAPERS],
    path("members/", views.members, name="members"),
    path("members/<uuid:uuid>/", views.member, name="member"),
    *[path(f"members/<uuid:uuid>/brief.{form}", views.member_file, {"form": form}, name=f"member_{form}") for form in PAPERS],
]
