"""Addresses of alarms, incidents and readiness."""

from django.urls import path

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
