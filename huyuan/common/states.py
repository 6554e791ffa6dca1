"""States as a table: a model with a `status` declares TRANSITIONS, `move_to` is the only way along them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Conflict


class Stateful(models.Model):
    """A thing that moves through declared states; a subclass declares the field `status` and the table."""

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {}
    status: Any

    class Meta:
        abstract = True

    def move_to(self, status: Any) -> None:
        """Set the next status; raises Conflict when the table has no such step."""
        current = type(status)(self.status)
        if status not in self.TRANSITIONS.get(current, frozenset()):
            raise Conflict(
                _("This is “%(current)s” by now, so it cannot become “%(wanted)s”. Open it again to see what happened.")
                % {"current": current.label, "wanted": status.label}
            )
        self.status = status
