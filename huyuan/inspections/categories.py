"""What kind of thing is wrong, in the words of the school ledgers; checklists and hazards share them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """The kinds that ledgers of schools tell apart."""

    BUILDING = "building", _("buildings")
    FIRE = "fire", _("fire safety")
    ELECTRIC = "electric", _("electricity")
    SECURITY = "security", _("security equipment")
    RULES = "rules", _("rules and people")
    BUS = "bus", _("school buses")
    FOOD = "food", _("food")
    SURROUNDINGS = "surroundings", _("surroundings")
    SPORTS = "sports", _("sports equipment")
    LABORATORY = "laboratory", _("laboratories")
    SUPPLY = "supply", _("water, gas, heating, lifts")
    OTHER = "other", _("other kinds")
