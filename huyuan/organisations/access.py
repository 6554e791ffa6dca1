"""How other apps ask who may see schools."""

from huyuan.common.reach import Permission
from huyuan.search.queries import register_kind

register_kind("school", Permission.SCHOOL_READ)
