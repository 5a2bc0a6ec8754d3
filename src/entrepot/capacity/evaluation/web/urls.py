"""Addresses under /evaluation/."""

from django.urls import path

from . import views

app_name = "evaluation"
urlpatterns = [
    path("overdue/", views.late, name="overdue"),
    path("activities/<uuid:uuid>/test/", views.test, name="test"),
    path("activities/<uuid:uuid>/after/", views.after, name="after"),
    path("activities/<uuid:uuid>/report/", views.report, name="report"),
    path("activities/<uuid:uuid>/report/publish/", views.publish, name="publish"),
    path("activities/<uuid:uuid>/report.pdf", views.report_file, {"form": "pdf"}, name="report_pdf"),
    path("activities/<uuid:uuid>/report.docx", views.report_file, {"form": "docx"}, name="report_docx"),
    path("activities/<uuid:uuid>/ask-now/", views.ask_now, name="ask_now"),
    path("items/<uuid:uuid>/", views.item, name="item"),
    path("plan/<str:key>/", views.plan, name="plan"),
    path("answer/<str:key>/", views.answer, name="answer"),
    path("form/<slug:kind>/<str:key>/", views.form, name="form"),
]
