"""Joint checks and the hazards they find."""

from huyuan.inspections.models.checks import Answer, Inspection, Signature
from huyuan.inspections.models.handovers import HandOver
from huyuan.inspections.models.hazards import Extension, Hazard, Rectification

__all__ = ["Answer", "Extension", "HandOver", "Hazard", "Inspection", "Rectification", "Signature"]
