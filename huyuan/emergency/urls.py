"""Addresses of alarms, incidents and readiness."""

from django.urls import path

from huyuan.emergency.views import cap, outside, press_keys, timeline

app_name = "emergency"
urlpatterns = [
    # phones registered for pressing
    path("press-key/", press_keys.press_key, name="press_key"),
    path("press-keys/", press_keys.press_keys, name="press_keys"),
    path("press-keys/<uuid:code>/revoke/", press_keys.revoke_press_key, name="revoke_press_key"),
    # CAP, receivers outside, accounts of incidents
    path("cap/feed/", cap.cap_feed, name="cap_feed"),
    path("cap/<uuid:code>.<int:entry>.xml", cap.cap_message, name="cap_message"),
    path("notices/", cap.cap_notices, name="cap_notices"),
    path("notices/take/", cap.take_notice, name="take_notice"),
    path("receivers/", outside.receivers, name="receivers"),
    path("receivers/<uuid:code>/remove/", outside.remove_receiver, name="remove_receiver"),
    path("incidents/<uuid:code>/timeline.docx", timeline.timeline_docx, name="timeline_docx"),
    path("incidents/<uuid:code>/timeline.xlsx", timeline.timeline_xlsx, name="timeline_xlsx"),
    path("incidents/<uuid:code>/ics214.docx", timeline.ics214_docx, name="ics214_docx"),
from huyuan.emergency.views import plans, units

app_name = "emergency"
urlpatterns = [
    # plans, units and offers
    path("plans/", plans.plans, name="plans"),
    path("plans/of/<uuid:code>/<slug:kind>/", plans.draft, name="draft_plan"),
    path("plans/<uuid:code>/", plans.plan, name="plan"),
    path("plans/<uuid:code>/edit/", plans.edit, name="edit_plan"),
    path("plans/<uuid:code>/print/", plans.print_plan, name="print_plan"),
    path("plans/<uuid:code>/approve/", plans.approve, name="approve_plan"),
    path("plans/<uuid:code>/drop/", plans.drop, name="drop_plan"),
    path("plans/<uuid:code>/review/", plans.review, name="review_plan"),
    path("unit/", units.unit, name="unit"),
    path("unit/<uuid:code>/members/", units.add_member, name="add_member"),
    path("unit/<uuid:code>/leave/", units.remove_member, name="remove_member"),
    path("unit/<uuid:code>/small/", units.declare_small, name="declare_small"),
    path("unit/<uuid:code>/whole/", units.end_small, name="end_small"),
    path("offer/", units.offer, name="offer"),
    path("offer/withdraw/", units.withdraw_offer, name="withdraw_offer"),
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
from huyuan.emergency.signs import Sign
from huyuan.emergency.views import calls, press, press_keys

app_name = "emergency"
urlpatterns = [
    path("press/", press.press, name="press"),
    path("press/exercise/", press.press, {"sign": Sign.EXERCISE}, name="press_exercise"),
    path("press/test/", press.press, {"sign": Sign.TEST}, name="press_test"),
    path("press/shell/", press.shell, name="press_shell"),
    path("press-key/", press_keys.press_key, name="press_key"),
    path("press-keys/", press_keys.press_keys, name="press_keys"),
    path("press-keys/<uuid:code>/revoke/", press_keys.revoke_press_key, name="revoke_press_key"),
    path("push/", press.push, name="push"),
    path("calls/<uuid:code>/", calls.call, name="call"),
    *(path(f"calls/<uuid:code>/{act}/", calls.answer, {"act": act}, name=f"call_{act}") for act in calls.ANSWERS),
    path("calls/<uuid:code>/confirm/", calls.confirm, name="call_confirm"),
    path("incidents/<uuid:code>/come/", calls.come, name="come"),
]
