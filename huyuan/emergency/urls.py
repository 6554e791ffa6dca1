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
]
