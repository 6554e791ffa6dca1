"""Joint checks and the hazards they find."""

from huyuan.inspections.models.checks import Answer, Inspection, Signature
from huyuan.inspections.models.hazards import Extension, Hazard, Rectification

__all__ = ["Answer", "Extension", "Hazard", "Inspection", "Rectification", "Signature"]
