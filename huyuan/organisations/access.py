"""How other apps ask who may see schools."""

from collections.abc import Sequence
from uuid import UUID

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import School
from huyuan.search.queries import register_kind


def schools_seen(reach: Reach, codes: Sequence[UUID]) -> set[UUID]:
    """Those of these schools that the reader has charge of."""
    seen = School.objects.visible_to(reach).filter(organisation__code__in=codes)
    return set(seen.values_list("organisation__code", flat=True))


register_kind("school", Permission.SCHOOL_READ, schools_seen)
