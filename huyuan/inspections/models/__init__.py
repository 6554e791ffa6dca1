"""Joint checks and the hazards they find."""

from huyuan.inspections.models.checks import Answer, Inspection, Signature
from huyuan.inspections.models.hazards import Extension, Hazard, Rectification
from huyuan.inspections.models.orders import NoticeItem, NoticeNumbering, RectificationNotice
from huyuan.inspections.models.supervision import StepUp, Supervision

__all__ = [
    "Answer",
    "Extension",
    "Hazard",
    "Inspection",
    "NoticeItem",
    "NoticeNumbering",
    "Rectification",
    "RectificationNotice",
    "Signature",
    "StepUp",
    "Supervision",
]
