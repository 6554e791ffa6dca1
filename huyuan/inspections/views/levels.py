"""The page that decides the level of a hazard."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huyuan.inspections.actions.levels import set_level
from huyuan.inspections.forms import LevelForm
from huyuan.inspections.permissions import check_can_order
from huyuan.inspections.views.hazards import done, form_page, visible_hazard
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def level(request: PageRequest, code: UUID) -> HttpResponse:
    """Decide the level: general, or major with its item of the guide."""
    thing = visible_hazard(request, code)
    check_can_order(request.reach, thing)
    names = ("level", "guide_item", "funding", "contingency")
    form = LevelForm(request.POST or None, initial={name: getattr(thing, name) for name in names})
    if form.is_valid():
        set_level(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("The level is decided. The school has been told."))
    return form_page(request, thing, form, _("Decide the level"), _("Decide"))
