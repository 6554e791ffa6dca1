"""A condition that the planner of the database can judge: a value is one of few that are looked up first."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, QuerySet


class Among(Func):
    """True where a field is one of the values of a sub-query, which is run once, before the rows are looked at.

    With IN (SELECT …) the planner expects nearly every row and reads and sorts them all; so it walks the index in the
    order of the page and stops when the page is full.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, field: str, values: QuerySet[Any, Any]) -> None:
        super().__init__(field, ArraySubquery(values))
