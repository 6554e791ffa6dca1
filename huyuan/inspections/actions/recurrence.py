"""Whether a hazard came back: the same thing at the same school within a year after it was closed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from huyuan.inspections.models import Hazard

WITHIN = timedelta(days=365)
Key = tuple[int, str, str]


def link_recurrences(hazards: Sequence[Hazard]) -> None:
    """Name for each hazard that is about to be saved the latest closed one it repeats. One query for all."""
    if not hazards:
        return
    earliest = datetime.combine(min(hazard.found_on for hazard in hazards) - WITHIN, time.min)
    closed = Hazard.objects.filter(
        school_id__in={hazard.school_id for hazard in hazards}, status=Hazard.Status.CLOSED,
        closed_at__gte=timezone.make_aware(earliest),
    )  # fmt: skip
    former: dict[Key, list[tuple[date, int]]] = defaultdict(list)
    for old in closed.only("school_id", "item_key", "category", "place", "closed_at").order_by("closed_at", "pk"):
        if old.closed_at is not None:
            for key in _keys(old):
                former[key].append((timezone.localdate(old.closed_at), old.pk))
    for hazard in hazards:
        fitting = [
            entry for key in _keys(hazard) for entry in former[key]
            if hazard.found_on - WITHIN <= entry[0] <= hazard.found_on
        ]  # fmt: skip
        hazard.recurrence_of_id = max(fitting)[1] if fitting else None


def _keys(hazard: Hazard) -> Iterator[Key]:
    """What makes two hazards the same: the item of a checklist, or the kind and the place."""
    if hazard.item_key:
        yield hazard.school_id, "item", hazard.item_key
    place = "".join(hazard.place.split()).casefold()
    if place:
        yield hazard.school_id, hazard.category, place
