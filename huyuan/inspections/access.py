"""How other apps ask who may see checks and hazards."""

from uuid import UUID

from huyuan.attachments.queries import register_owner
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard, Inspection
from huyuan.search.queries import register_kind


def sees_inspection(reach: Reach, code: UUID) -> bool:
    """Whether the reader may see the check, by itself or through a hazard that came from it."""
    seen = Inspection.objects.visible_to(reach).filter(code=code).exists()
    return seen or Hazard.objects.visible_to(reach).filter(inspection__code=code).exists()


def sees_hazard(reach: Reach, code: UUID) -> bool:
    """Whether the reader may see the hazard."""
    return Hazard.objects.visible_to(reach).filter(code=code).exists()


register_owner("inspections.inspection", sees_inspection)
register_owner("inspections.hazard", sees_hazard)
register_kind("hazard", Permission.HAZARD_READ)
