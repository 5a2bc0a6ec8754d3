"""Addresses under /impact/."""

from django.urls import path

from . import views

app_name = "impact"
urlpatterns = [
    path("", views.stories, name="stories"),
    path("new/", views.new, name="new"),
    path("stories/<uuid:uuid>/", views.story, name="story"),
    path("stories/<uuid:uuid>/plan/", views.plan, name="plan"),
    path("stories/<uuid:uuid>/link/", views.new_link, name="new_link"),
    path("stories/<uuid:uuid>/look/", views.look, name="look"),
    path("stories/<uuid:uuid>/open/", views.open_analysis, name="open"),
    path("stories/<uuid:uuid>/publish/", views.publish, name="publish"),
    path("stories/<uuid:uuid>/story.pdf", views.story_file, {"form": "pdf"}, name="story_pdf"),
    path("stories/<uuid:uuid>/story.docx", views.story_file, {"form": "docx"}, name="story_docx"),
    path("links/<uuid:uuid>/", views.link, name="link"),
]
