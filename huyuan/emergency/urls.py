"""Addresses of alarms, incidents and readiness."""

from django.urls import path

from huyuan.emergency.views import exercises, reviews, rooms, watch

app_name = "emergency"
urlpatterns = [
    # what runs, the incident room, the review, exercises
    path("", watch.incidents, name="incidents"),
    path("running/", watch.running, name="running"),
    path("wall/", watch.wall, name="wall"),
    path("wall/parts/", watch.wall_parts, name="wall_parts"),
    path("called/", watch.called, name="called"),
    path("incidents/<uuid:code>/", rooms.incident, name="incident"),
    path("incidents/<uuid:code>/parts/", rooms.parts, name="parts"),
    path("incidents/<uuid:code>/lockdown/", rooms.lockdown, name="lockdown"),
    path("incidents/<uuid:code>/headcount/", rooms.headcount, name="headcount"),
    path("incidents/<uuid:code>/note/", rooms.note, name="note"),
    path("incidents/<uuid:code>/hand-over/", rooms.hand_over, name="hand_over"),
    path("incidents/<uuid:code>/clear/", rooms.clear, name="clear"),
    path("incidents/<uuid:code>/draft/parents/", rooms.draft, {"kind": "parents"}, name="draft_parents"),
    path("incidents/<uuid:code>/draft/press/", rooms.draft, {"kind": "press"}, name="draft_press"),
    path("tasks/<uuid:code>/tick/", rooms.tick, name="tick"),
    path("calls/<uuid:code>/there/", rooms.confirm_there, name="confirm_there"),
    path("statements/<uuid:code>/release/", rooms.release, name="release"),
    path("statements/<uuid:code>/print/", rooms.statement_print, name="statement_print"),
    path("incidents/<uuid:code>/review/", reviews.review, name="review"),
    path("incidents/<uuid:code>/findings/", reviews.add_finding, name="add_finding"),
    path("findings/<uuid:code>/hazard/", reviews.finding_hazard, name="finding_hazard"),
    path("findings/<uuid:code>/task/", reviews.finding_task, name="finding_task"),
    path("findings/<uuid:code>/done/", reviews.finding_done, name="finding_done"),
    path("exercise/", exercises.exercise, name="exercise"),
    path("exercise/announce/", exercises.announce, name="announce_exercise"),
]
