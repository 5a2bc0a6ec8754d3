"""Addresses under /evaluation/."""

from django.urls import path

from . import answering, building, planning, reporting, returning

app_name = "evaluation"
urlpatterns = [
    path("overdue/", reporting.late, name="overdue"),
    path("burden/", reporting.burden, name="burden"),
    path("plans/", planning.plans, name="plans"),
    path("plans.csv", planning.plans_file, name="plans_file"),
    path("years/", reporting.years, name="years"),
    path("years/<uuid:uuid>/", reporting.year, name="year"),
    path("years/<uuid:uuid>/again/", reporting.year_again, name="year_again"),
    path("years/<uuid:uuid>.csv", reporting.year_file, name="year_file"),
    path("activities/<uuid:uuid>/test/", answering.test, name="test"),
    path("activities/<uuid:uuid>/forms/", building.forms, name="forms"),
    path("activities/<uuid:uuid>/after/", reporting.after, name="after"),
    path("activities/<uuid:uuid>/answers/", reporting.answers, name="answers"),
    path("activities/<uuid:uuid>/silence/<slug:kind>/", reporting.who_answered, name="silence"),
    path("activities/<uuid:uuid>/reach/", returning.reach, name="reach"),
    path("activities/<uuid:uuid>/report/", reporting.report, name="report"),
    path("activities/<uuid:uuid>/report/publish/", reporting.publish, name="publish"),
    path("activities/<uuid:uuid>/report.pdf", reporting.report_file, {"form": "pdf"}, name="report_pdf"),
    path("activities/<uuid:uuid>/report.docx", reporting.report_file, {"form": "docx"}, name="report_docx"),
    path("activities/<uuid:uuid>/ask-now/", reporting.ask_now, name="ask_now"),
    path("forms/<uuid:uuid>/", building.build, name="build"),
    path("forms/<uuid:uuid>/preview/", building.preview, name="preview"),
    path("forms/<uuid:uuid>/question/", building.question, name="new_question"),
    path("forms/<uuid:uuid>/question/<slug:key>/", building.question, name="question"),
    path("forms/<uuid:uuid>/in/<slug:language>/", building.texts, name="texts"),
    path("asks/<uuid:uuid>/clearance/", answering.clearance, name="clearance"),
    path("asks/<uuid:uuid>/hand-over/", answering.hand_over, name="hand_over"),
    path("items/<uuid:uuid>/", planning.item, name="item"),
    path("plan/<str:key>/", planning.plan, name="plan"),
    path("plan/<str:key>/workbook.xlsx", planning.plan_workbook, name="plan_workbook"),
    path("plan/<str:key>/workbook/", planning.take_plan_workbook, name="take_plan_workbook"),
    path("answer/<str:key>/", answering.answer, name="answer"),
    path("answer/<str:key>/workbook.xlsx", answering.answer_workbook, name="answer_workbook"),
    path("answer/<str:key>/workbook/", answering.take_workbook, name="take_workbook"),
    path("form/<slug:kind>/<str:key>/", answering.form, name="form"),
    path("brief/<str:key>/", returning.brief, name="brief"),
    *[
        path(f"brief/<str:key>/{what}.{form}", returning.brief_file, {"what": what, "form": form}, name=f"{what}_{form}")
        for what in ("briefing", "letter")
        for form in ("pdf", "docx")
    ],
    path("taught/<str:key>/", returning.taught, name="taught"),
]
