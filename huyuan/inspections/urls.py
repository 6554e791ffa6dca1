"""Addresses of checks and hazards."""

from django.urls import path

from huyuan.inspections.views import checks, handovers, hazards, levels, open_hazards, roving, spot
from huyuan.ledgers.views.pages import ledger

app_name = "inspections"
urlpatterns = [
    path("", ledger, {"key": "inspections"}, name="inspections"),
    path("begin/", checks.begin, name="begin"),
    path("<uuid:code>/", checks.inspection, name="inspection"),
    path("<uuid:code>/items/<slug:item_key>/", checks.answer, name="answer"),
    path("<uuid:code>/items/<slug:item_key>/photo/", checks.photograph, name="photograph"),
    path("<uuid:code>/sign/", checks.sign, name="sign"),
    path("<uuid:code>/reopen/", checks.reopen, name="reopen"),
    path("<uuid:code>/cancel/", checks.cancel, name="cancel"),
    path("roving/", roving.plan, name="roving"),
    path("roving/draw/", roving.draw, name="draw_roving"),
    path("roving/<uuid:code>/move/", roving.move, name="move_visit"),
    path("roving/<uuid:code>/drop/", roving.drop, name="drop_visit"),
    path("hazards/", ledger, {"key": "hazards"}, name="hazards"),
    path("hazards/open/", open_hazards.page, name="open_hazards"),
    path("hazards/open/print/", open_hazards.paper, name="print_open_hazards"),
    path("hazards/spot/", spot.spot, name="spot"),
    path("hazards/<uuid:code>/", hazards.hazard, name="hazard"),
    path("hazards/<uuid:code>/order/", hazards.order, name="order"),
    path("hazards/<uuid:code>/rectify/", hazards.rectify, name="rectify"),
    path("hazards/<uuid:code>/close/", hazards.close, name="close"),
    path("hazards/<uuid:code>/reject/", hazards.reject, name="reject"),
    path("hazards/<uuid:code>/extend/", hazards.extend, name="extend"),
    path("hazards/<uuid:code>/extend/decide/", hazards.decide, name="decide"),
    path("hazards/<uuid:code>/pause/", hazards.pause, name="pause"),
    path("hazards/<uuid:code>/resume/", hazards.resume, name="resume"),
    path("hazards/<uuid:code>/level/", levels.level, name="level"),
    path("hazards/<uuid:code>/confirm/", spot.confirm, name="confirm"),
    path("hazards/<uuid:code>/unconfirmed/", spot.unconfirmed, name="unconfirmed"),
    path("hazards/<uuid:code>/transfer/", handovers.transfer, name="transfer"),
    path("hazards/<uuid:code>/coordinate/", handovers.coordinate, name="coordinate"),
    path("hand-overs/<uuid:code>/accept/", handovers.accept, name="accept"),
    path("hand-overs/<uuid:code>/refuse/", handovers.refuse, name="refuse"),
    path("hand-overs/<uuid:code>/finish/", handovers.finish, name="finish"),
]
