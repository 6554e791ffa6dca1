"""How other apps ask who may see people."""

from collections.abc import Sequence
from uuid import UUID

from huyuan.common.reach import Permission, Reach
from huyuan.people.models import User
from huyuan.search.queries import register_kind


def people_seen(reach: Reach, codes: Sequence[UUID]) -> set[UUID]:
    """Those of these people that the reader may see."""
    return set(User.objects.visible_to(reach).filter(code__in=codes).values_list("code", flat=True))


register_kind("person", Permission.PEOPLE_READ, people_seen)
