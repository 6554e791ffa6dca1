"""What checks and hazards say of duties: figures for all organisations of a period, each in one statement."""

from huyuan.inspections.measures import checks, hazards, roving

__all__ = ["checks", "hazards", "roving"]
