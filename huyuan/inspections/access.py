"""How other apps ask who may see checks and hazards."""

from collections.abc import Sequence
from uuid import UUID

from huyuan.attachments.queries import register_owner
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard, Inspection
from huyuan.search.queries import register_kind


def sees_photo_of_check(reach: Reach, code: UUID, place: str) -> bool:
    """Whether the reader may see the check, or the hazard that came from the item photographed."""
    seen = Inspection.objects.visible_to(reach).filter(code=code).exists()
    return seen or Hazard.objects.visible_to(reach).filter(inspection__code=code, item_key=place).exists()


def sees_photo_of_hazard(reach: Reach, code: UUID, _place: str) -> bool:
    """Whether the reader may see the hazard."""
    return Hazard.objects.visible_to(reach).filter(code=code).exists()


def hazards_seen(reach: Reach, codes: Sequence[UUID]) -> set[UUID]:
    """Those of these hazards that the reader may see."""
    return set(Hazard.objects.visible_to(reach).filter(code__in=codes).values_list("code", flat=True))


register_owner("inspections.inspection", sees_photo_of_check)
register_owner("inspections.hazard", sees_photo_of_hazard)
register_kind("hazard", Permission.HAZARD_READ, hazards_seen)
