"""Checks, the hazards they find, and the plans of roving checks."""

from huyuan.inspections.models.checks import Answer, Inspection, Signature
from huyuan.inspections.models.handovers import HandOver
from huyuan.inspections.models.hazards import Extension, Hazard, Rectification
from huyuan.inspections.models.orders import NoticeItem, NoticeNumbering, RectificationNotice
from huyuan.inspections.models.roving import RovingPlan, RovingVisit
from huyuan.inspections.models.supervision import StepUp, Supervision

__all__ = [
    "Answer",
    "Extension",
    "HandOver",
    "Hazard",
    "Inspection",
    "NoticeItem",
    "NoticeNumbering",
    "Rectification",
    "RectificationNotice",
    "RovingPlan",
    "RovingVisit",
    "Signature",
    "StepUp",
    "Supervision",
]
