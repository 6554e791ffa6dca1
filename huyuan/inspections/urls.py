"""Addresses of checks and hazards."""

from django.urls import path

from huyuan.inspections.views import checks, hazards, papers, supervision
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
    path("hazards/", ledger, {"key": "hazards"}, name="hazards"),
    path("hazards/<uuid:code>/", hazards.hazard, name="hazard"),
    path("hazards/<uuid:code>/order/", hazards.order, name="order"),
    path("hazards/<uuid:code>/rectify/", hazards.rectify, name="rectify"),
    path("hazards/<uuid:code>/close/", hazards.close, name="close"),
    path("hazards/<uuid:code>/reject/", hazards.reject, name="reject"),
    path("hazards/<uuid:code>/extend/", hazards.extend, name="extend"),
    path("hazards/<uuid:code>/extend/decide/", hazards.decide, name="decide"),
    path("hazards/<uuid:code>/pause/", hazards.pause, name="pause"),
    path("hazards/<uuid:code>/resume/", hazards.resume, name="resume"),
    path("hazards/<uuid:code>/notice/", papers.make_notice, name="make_notice"),
    path("hazards/<uuid:code>/propose/", supervision.propose, name="propose"),
    path("notices/", ledger, {"key": "notices"}, name="notices"),
    path("notices/numbering/", papers.numbering, name="numbering"),
    path("notices/<uuid:code>/", papers.notice, name="notice"),
    path("notices/<uuid:code>/paper/", papers.download, name="notice_paper"),
    path("notices/<uuid:code>/number/", papers.enter_number, name="notice_number"),
    path("notices/<uuid:code>/sign/", papers.sign, name="notice_sign"),
    path("notices/<uuid:code>/receipt/", papers.receipt, name="notice_receipt"),
    path("notices/<uuid:code>/refusal/", papers.refusal, name="notice_refusal"),
    path("notices/<uuid:code>/withdraw/", papers.withdraw, name="notice_withdraw"),
    path("supervision/", ledger, {"key": "supervisions"}, name="supervisions"),
    path("supervision/<uuid:code>/", supervision.supervision, name="supervision"),
    path("supervision/<uuid:code>/list/", supervision.list_it, name="supervision_list"),
    path("supervision/<uuid:code>/decline/", supervision.decline, name="supervision_decline"),
    path("supervision/<uuid:code>/lift/", supervision.lift, name="supervision_lift"),
]
