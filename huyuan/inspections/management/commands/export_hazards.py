"""`manage.py export_hazards --json`: the hazards as the product holds them."""

from typing import Any

from huyuan.inspections.models import Hazard
from huyuan.inspections.register.exporting import level_word, state_word
from huyuan.organisations.exporting import ExportCommand
from huyuan.organisations.models import County


class Command(ExportCommand):
    """Prints one object per hazard."""

    help = "Export the hazards as JSON, in the words of the ledgers and in the order they came in."

    def rows(self, county: County) -> list[dict[str, Any]]:
        """The hazards, oldest entry first."""
        hazards = Hazard.objects.filter(county=county).select_related("school__organisation").order_by("pk")
        return [
            {
                "school": hazard.school.organisation.name,
                "found": hazard.found_on.isoformat(),
                "due": hazard.due_date.isoformat() if hazard.due_date else None,
                "level": level_word(hazard) or None,
                "state": state_word(hazard),
            }
            for hazard in hazards.iterator(chunk_size=2_000)
        ]
