"""People are found by whoever reaches the school they work at."""

from huyuan.organisations.reassignment import register
from huyuan.people.actions.indexing import follow_schools

register(follow_schools)
