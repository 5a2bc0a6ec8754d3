"""Addresses under /programme/."""

from django.urls import path

from . import activities, answering, delivering, kits, selecting

app_name = "training"
urlpatterns = [
    path("", activities.activities, name="activities"),
    path("new/", activities.new, name="new"),
    path("again/", kits.run_again, name="run_again"),
    path("<uuid:uuid>/kit.zip", kits.kit, name="kit"),
    path("<uuid:uuid>/", activities.activity, name="activity"),
    path("<uuid:uuid>/design/", activities.design, name="design"),
    path("<uuid:uuid>/members/", activities.members, name="members"),
    path("<uuid:uuid>/trainers/", activities.trainers, name="trainers"),
    path("<uuid:uuid>/budget/", activities.budget, name="budget"),
    path("budget/<uuid:uuid>/spent/", activities.spent, name="spent"),
    path("budget/<uuid:uuid>/remove/", activities.remove_budget, name="remove_budget"),
    path("<uuid:uuid>/advance/", activities.advance, name="advance"),
    path("<uuid:uuid>/cancel/", activities.cancel, name="cancel"),
    path("<uuid:uuid>/note/", activities.note, name="note"),
    path("<uuid:uuid>/note.pdf", activities.note_file, {"form": "pdf"}, name="note_pdf"),
    path("<uuid:uuid>/note.docx", activities.note_file, {"form": "docx"}, name="note_docx"),
    path("<uuid:uuid>/agenda.ics", delivering.agenda_file, name="agenda_file"),
    path("<uuid:uuid>/selection/", selecting.selection, name="selection"),
    path("<uuid:uuid>/decide/", selecting.decide, name="decide"),
    path("nominations/<uuid:uuid>/override/", selecting.override, name="override"),
    path("nominations/<uuid:uuid>/withdraw/", selecting.withdraw, name="withdraw"),
    path("<uuid:uuid>/sessions/new/", delivering.new_session, name="new_session"),
    path("sessions/<uuid:uuid>/edit/", delivering.edit_session, name="edit_session"),
    path("sessions/<uuid:uuid>/remove/", delivering.remove_session, name="remove_session"),
    path("sessions/<uuid:uuid>/attendance/", delivering.attendance, name="attendance"),
    path("sessions/<uuid:uuid>/door/", delivering.door, name="door"),
    path("<uuid:uuid>/papers/new/", delivering.new_paper, name="new_paper"),
    path("<uuid:uuid>/papers/<uuid:paper>/", delivering.paper, name="paper"),
    path("<uuid:uuid>/papers/<uuid:paper>/remove/", delivering.remove_paper, name="remove_paper"),
    path("<uuid:uuid>/nominees.csv", selecting.nominees_file, {"form": "csv"}, name="nominees_csv"),
    path("<uuid:uuid>/nominees.xlsx", selecting.nominees_file, {"form": "xlsx"}, name="nominees_xlsx"),
    path("invitations/<uuid:uuid>/cancel/", answering.cancel_invitation, name="cancel_invitation"),
    path("invitations/<uuid:uuid>/extend/", answering.extend_deadline, name="extend_deadline"),
    path("invitations/<str:key>/replace/<uuid:nomination>/", answering.replace_participant, name="replace_participant"),
    path("invitations/<str:key>/", answering.invitation, name="invitation"),
    path("invitations/<str:key>/workbook.xlsx", answering.workbook, name="workbook"),
    path("release/<str:key>/", answering.release, name="release"),
    path("seat/<str:key>/", answering.seat, name="seat"),
    path("participant/<str:key>/", answering.participant, name="participant"),
    path("participant/<str:key>/papers/<uuid:paper>/", delivering.participant_paper, name="participant_paper"),
]
