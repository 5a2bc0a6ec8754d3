"""Addresses under /community/."""

from django.urls import path

from . import groups, people

app_name = "community"
urlpatterns = [
    path("", people.people, name="people"),
    path("me/", people.mine, name="mine"),
    path("me/delete/", people.delete, name="delete"),
    path("people/<uuid:uuid>/", people.profile, name="profile"),
    path("groups/", groups.groups, name="groups"),
    path("groups/of/<uuid:uuid>/", groups.open_group, name="open"),
    path("groups/<uuid:uuid>/", groups.group, name="group"),
    path("groups/<uuid:uuid>/belong/", groups.belong, name="belong"),
    path("posts/<uuid:uuid>/take-out/", groups.take_out, name="take_out"),
]
