"""Addresses under /knowledge/."""

from django.urls import path

from . import collection, moving, practices, rounds

app_name = "knowledge"
urlpatterns = [
    path("", collection.practices, name="practices"),
    path("practices.csv", collection.table, name="table"),
    path("compare/", collection.compare, name="compare"),
    path("new/", practices.new, name="new"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new_round, name="new_round"),
    path("rounds/<uuid:uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:uuid>/tell/", rounds.tell, name="tell"),
    path("initiatives/<uuid:uuid>/promote/", rounds.promote, name="promote"),
    path("initiatives/<uuid:uuid>/ask/", rounds.ask, name="ask_centre"),
    path("questions/<uuid:uuid>/answer/", moving.answer, name="answer"),
    path("<uuid:uuid>/", practices.practice, name="practice"),
    path("<uuid:uuid>/edit/", practices.edit, name="edit"),
    path("<uuid:uuid>/versions/", practices.versions, name="versions"),
    path("<uuid:uuid>/in/<slug:language>/", practices.translate, name="translate"),
    path("<uuid:uuid>/files/", practices.attach, name="attach"),
    path("<uuid:uuid>/files/<uuid:document>/", practices.file, name="file"),
    path("<uuid:uuid>/files/<uuid:document>/remove/", practices.detach, name="detach"),
    path("<uuid:uuid>/move/", moving.move, name="move"),
    path("<uuid:uuid>/reviewers/", moving.ask_review, name="ask_review"),
    path("<uuid:uuid>/review/", moving.review, name="review"),
    path("<uuid:uuid>/retire/", moving.retire, name="retire"),
    path("<uuid:uuid>/withdraw/", moving.withdraw, name="withdraw"),
    path("<uuid:uuid>/adopt/", moving.adopt, name="adopt"),
    path("<uuid:uuid>/ask/", moving.ask, name="ask"),
]
