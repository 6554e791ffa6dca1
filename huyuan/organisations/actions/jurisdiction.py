"""Who reaches a school, what acts for it, and under which words it is found."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.common.copying import copy_rows
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.organisations.models import (
    County,
    Jurisdiction,
    Line,
    School,
)
from huyuan.organisations.permissions import check_can_import_schools
from huyuan.organisations.reassignment import FOLLOWING
from huyuan.search import actions as search


@transaction.atomic
def refresh_jurisdiction(*, schools: Sequence[School], by: Reach, now: datetime) -> None:
    """Write anew who reaches these schools: themselves, their town, their station, their central school.

    Records of schools that somebody else reached before follow them.
    """
    before: dict[int, set[tuple[int, str]]] = defaultdict(set)
    old = Jurisdiction.objects.filter(subject__in=[school.pk for school in schools])
    for subject, overseer, line in old.values_list("subject_id", "overseer_id", "line"):
        before[subject].add((overseer, line))
    old.delete()
    rows, moved = [], []
    for school in schools:
        reached_by = [
            (school.pk, Line.OWN), (school.town_id, Line.TERRITORY), (school.station_id, Line.POLICE),
            (school.central_school_id, Line.EDUCATION),
        ]  # fmt: skip
        after = {(pk, line.value) for pk, line in reached_by if pk}
        rows += [(pk, school.pk, line) for pk, line in after]
        if before[school.pk] and before[school.pk] != after:
            moved.append(school)
    copy_rows(Jurisdiction, ["overseer", "subject", "line"], rows)
    for follow in FOLLOWING if moved else ():
        follow(schools=moved, by=by, now=now)


def index_schools(schools: Iterable[School], *, today: date) -> None:
    """Make schools findable by name and code, for everybody who reaches them."""
    search.index([
        search.Findable(
            kind="school", object_code=school.organisation.code, title=school.organisation.name,
            detail=school.town.name, day=today, words=school.identifier, county_id=school.county_id,
            organisation_ids=[pk for pk in (school.pk, school.town_id, school.station_id, school.central_school_id) if pk],
        )
        for school in schools
    ])  # fmt: skip


@transaction.atomic
def set_central_school(*, point: School, central: School | None, by: Reach, now: datetime) -> School:
    """Put a teaching point under a central school, whose officers act for it from now on."""
    County.objects.select_for_update(no_key=True).get(pk=point.county_id)
    point = School.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=point.pk)
    check_can_import_schools(by, point.county)
    if central is not None:
        _check_can_stand_under(point, central)
    point.central_school = central
    point.save(update_fields=["central_school"])
    refresh_jurisdiction(schools=[point], by=by, now=now)
    index_schools([point], today=timezone.localdate(now))
    audit.record("school:set_central", target=point.organisation, by=by, now=now, central=str(central and central.pk))
    return point


def _check_can_stand_under(point: School, central: School) -> None:
    """One storey only: who stands under another has nobody under itself."""
    if central.county_id != point.county_id or central.central_school_id or central == point:
        raise Invalid(_("A teaching point stands under a central school of its own county."))
    if point.teaching_points.exists():
        raise Invalid(_("This school has teaching points of its own, so it cannot be one."))
