"""A hazard ledger kept before the product: its columns, reading it, and what is wrong with it."""

from huyuan.inspections.register.fields import REGISTER
from huyuan.inspections.register.names import KnownSchool, SchoolBook
from huyuan.inspections.register.reading import HazardRow, RegisterReading, read_register, register_template

__all__ = [
    "REGISTER",
    "HazardRow",
    "KnownSchool",
    "RegisterReading",
    "SchoolBook",
    "read_register",
    "register_template",
]
