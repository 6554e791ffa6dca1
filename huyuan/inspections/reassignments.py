"""Checks and hazards follow a school to another station, and are found by whoever reaches it."""

from huyuan.inspections.actions.hazards import follow_schools
from huyuan.organisations.reassignment import register

register(follow_schools)
