"""Clocks, and what filling in costs."""

from huyuan.policy.models.clocks import Clocked, DayKind
from huyuan.policy.models.efforts import Effort

__all__ = ["Clocked", "DayKind", "Effort"]
