"""How other apps ask who may see people."""

from huyuan.common.reach import Permission
from huyuan.search.queries import register_kind

register_kind("person", Permission.PEOPLE_READ)
