"""Who may see a file: who may see its record."""

import uuid
from collections.abc import Callable

from huyuan.attachments.models import Attachment
from huyuan.common.reach import Reach

# Asked with the record's code and the place of the file in it.
Rule = Callable[[Reach, uuid.UUID, str], bool]
RULES: dict[str, Rule] = {}


def register_owner(kind: str, rule: Rule) -> None:
    """Make known how to ask whether a reach may see a record of this kind."""
    RULES[kind] = rule


def can_see(reach: Reach, attachment: Attachment) -> bool:
    """Whether the record that the file belongs to is visible."""
    return RULES[attachment.owner_kind](reach, attachment.owner_code, attachment.place)


def photos_of(owner_kind: str, owner_code: uuid.UUID, place: str | None = None) -> list[Attachment]:
    """The photos of a record the caller may see, oldest first."""
    found = Attachment.objects.filter(owner_kind=owner_kind, owner_code=owner_code)
    return list(found.filter(place=place).order_by("pk") if place is not None else found.order_by("pk"))
