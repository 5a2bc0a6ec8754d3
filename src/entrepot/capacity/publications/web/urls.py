"""Addresses under /publications/. Those of series, numbers and editions are stable: they are printed on covers."""

from django.urls import path

from . import composing, reading

app_name = "publications"
urlpatterns = [
    path("", reading.shelf, name="shelf"),
    path("counting/", composing.counting, name="counting"),
    path("make/", composing.make, name="make"),
    path("make/series/", composing.new_series, name="new_series"),
    path("make/<uuid:uuid>/", composing.compose, name="compose"),
    path("make/<uuid:uuid>/preview/", composing.preview, name="preview"),
    path("make/<uuid:uuid>/publish/", composing.publish, name="publish"),
    path("<slug:series>/", reading.series_page, name="series"),
    path("<slug:series>/<int:number>/", reading.publication, name="publication"),
    path("<slug:series>/<int:number>/<int:ordinal>/<slug:language>/", reading.edition, name="edition"),
    path("<slug:series>/<int:number>/<int:ordinal>/<slug:language>.pdf", reading.file, {"form": "pdf"}, name="pdf"),
    path("<slug:series>/<int:number>/<int:ordinal>/<slug:language>.docx", reading.file, {"form": "docx"}, name="docx"),
]
