"""Clocks, plans with their clauses, obligations, where every organisation stands, and what filling in costs."""

from huyuan.policy.models.adoptions import Adoption, Assignment
from huyuan.policy.models.clocks import Clocked, DayKind
from huyuan.policy.models.efforts import Effort
from huyuan.policy.models.obligations import Obligation, ObligationVersion
from huyuan.policy.models.plans import Clause, Plan, PlanVersion
from huyuan.policy.models.standings import Standing, Supplement

__all__ = [
    "Adoption",
    "Assignment",
    "Clause",
    "Clocked",
    "DayKind",
    "Effort",
    "Obligation",
    "ObligationVersion",
    "Plan",
    "PlanVersion",
    "Standing",
    "Supplement",
]
