"""A condition that the planner of the database can judge: a value is one of few that are looked up first."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, QuerySet


class Among(Func):
    """True where a field is one of the values of a sub-query, which is run once, before the rows are looked at.

    With the values themselves in the query the planner walks the index in the order of the page until the page is full,
    which for a thousand scattered rows is half the table; so it looks the few rows up and sorts them.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, field: str, values: QuerySet[Any, Any]) -> None:
        super().__init__(field, ArraySubquery(values))
