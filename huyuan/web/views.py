"""Pages over all modules: Today, a school, the map, search."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import CapNotice
from huyuan.emergency.notices_in import Shown, shown
from huyuan.emergency.units import unit_of_school
from huyuan.emergency.watch import open_of
from huyuan.inspections.models import Hazard, Inspection
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.views.pages import ledger
from huyuan.organisations.models import OrganisationKind, School, Site
from huyuan.organisations.queries import current_term
from huyuan.people.http import PageRequest
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of
from huyuan.policy.efforts.figures import Total, month_of
from huyuan.policy.models import Effort
from huyuan.policy.worklist import LIMIT, Task, tasks_for
from huyuan.search.queries import find, seen_by
from huyuan.web.overview import overview

SOON_DAYS = 3
NOTICES = 5
ALARMS = 6


@dataclass(frozen=True)
class Group:
    """The tasks of Today that are equally urgent."""

    key: str
    tasks: list[Task]


@require_safe
def today(request: PageRequest) -> HttpResponse:
    """What is due, overdue, waiting for me, in one list over all modules."""
    day = timezone.localdate()
    tasks = tasks_for(request.reach, day)
    running = [task for task in tasks if not task.paused]
    groups = [
        Group("overdue", [t for t in running if t.due_date and t.due_date < day]),
        Group("due", [t for t in running if t.due_date and 0 <= (t.due_date - day).days <= SOON_DAYS]),
        Group("waiting", [t for t in running if t.due_date is None]),
        Group("later", [t for t in tasks if t.paused or (t.due_date and (t.due_date - day).days > SOON_DAYS)]),
    ]
    others = [
        (post, len(tasks_for(reach_of(request.user, post), day)))
        for post in request.posts
        if post != request.acting_post
    ]
    context = {
        "groups": [group for group in groups if group.tasks],
        "cut_at": LIMIT if len(tasks) == LIMIT else None,
        "other_posts": [(post, count) for post, count in others if count],
        "counts": {group.key: len(group.tasks) for group in groups},
        "day": day,
        "term": current_term(request.user.county, day),
        "overview": overview(request.reach, day),
        "may_check": request.reach.may(Permission.INSPECTION_CONDUCT),
        "month": own_month(request, day),
        "notices": notices_for(request.reach),
        "alarms": open_of(request.reach, ALARMS),
    }
    return render(request, "web/today.html", context)


def notices_for(reach: Reach) -> list[Shown]:
    """The warnings from outside that hold now."""
    now = timezone.now()
    return [shown(notice, now) for notice in CapNotice.objects.visible_to(reach).shown(now)[:NOTICES]]


def own_month(request: PageRequest, day: date) -> Total | None:
    """What filling in has cost one's own school this month; other readers are not asked for it on Today."""
    at_school = request.acting_post is not None and request.acting_post.organisation.kind == OrganisationKind.SCHOOL
    if not at_school or not request.reach.may(Permission.BURDEN_READ):
        return None
    return month_of(Effort.objects.visible_to(request.reach).filter(organisation=request.reach.home), day)


@require_safe
def schools(request: PageRequest) -> HttpResponse:
    """The ledger of schools; a school that has charge of nothing but itself is taken to its own page."""
    mine = School.objects.visible_to(request.reach).select_related("organisation")[:2]
    if [school.pk for school in mine] == [request.reach.organisation_id]:
        return redirect(mine[0])
    return ledger(request, key="schools")


@require_safe
def school(request: PageRequest, code: UUID) -> HttpResponse:
    """One school: who it is, what it has, what is open, who works there."""
    schools = School.objects.visible_to(request.reach).select_related(
        "organisation", "town", "station", "central_school__organisation", "county"
    )
    place = get_object_or_404(schools, organisation__code=code)
    site = place.sites.filter(is_main=True).first()
    open_hazards = Hazard.objects.visible_to(request.reach).filter(school=place).open()
    context = {
        "school": place,
        "site": site,
        "place_points": [{"name": str(place), "lon": site.lon, "lat": site.lat}] if site else [],
        "outline": place.county.outline,
        "hundred": place.hundreds,
        "open_hazards": open_hazards.select_related("responsible", "school__organisation").order_by("due_date", "pk")[:20],
        "open_count": open_hazards.count(),
        "overdue": open_hazards.overdue(timezone.localdate()).count(),
        "checks": Inspection.objects.visible_to(request.reach).filter(school=place).order_by("-started_at", "-pk")[:5],
        "posts": Post.objects.visible_to(request.reach).filter(organisation=place.organisation)
        .held_on(timezone.localdate()).select_related("user").order_by("role", "user__sort_key"),
        "points": place.teaching_points.select_related("organisation").order_by("organisation__sort_key"),
        "reads_hazards": request.reach.may(Permission.HAZARD_READ),
        "reads_checks": request.reach.may(Permission.INSPECTION_READ),
        "may_check": request.reach.may(Permission.INSPECTION_CONDUCT),
        "may_arrange": request.reach.may(Permission.SCHOOL_IMPORT),
        "unit": unit_of_school(place, timezone.now()) if request.reach.may(Permission.UNIT_READ) else None,
    }  # fmt: skip
    return render(request, "web/school.html", context)


@require_safe
def county_map(request: PageRequest) -> HttpResponse:
    """Where the reader's schools are, and for those who read hazards how many are open at each."""
    sites = list(
        Site.objects.visible_to(request.reach)
        .filter(is_main=True)
        .select_related("school__organisation", "school__town")
        .order_by("school__town__sort_key", "school__organisation__sort_key")
    )
    reads_hazards = request.reach.may(Permission.HAZARD_READ)
    counts = open_and_overdue(request.reach, sites) if reads_hazards else {}
    points: list[dict[str, Any]] = [
        {
            "name": site.school.organisation.name, "lon": site.lon, "lat": site.lat,
            "url": reverse("web:school", args=[site.school.organisation.code]), **counts.get(site.school_id, {}),
        }
        for site in sites
    ]  # fmt: skip
    context = {
        "points": points,
        "listed": sorted(points, key=lambda point: (not point.get("overdue"), not point.get("open"))),
        "outline": request.user.county.outline,
        "whole": request.reach.covers_county,
        "county": request.user.county,
        "reads_hazards": reads_hazards,
        "by_town": by_town(sites, counts) if reads_hazards else None,
    }
    return render(request, "web/map.html", context)


def open_and_overdue(reach: Reach, sites: list[Site]) -> dict[int, dict[str, int]]:
    """How many hazards are open at each school, and how many of them overdue."""
    hazards = Hazard.objects.visible_to(reach).open()
    open_at = Counter(dict(hazards.values_list("school_id").annotate(count=Count("pk"))))
    late = hazards.overdue(timezone.localdate()).values_list("school_id")
    overdue_at = Counter(dict(late.annotate(count=Count("pk"))))
    schools = [site.school_id for site in sites]
    return {school: {"open": open_at[school], "overdue": overdue_at[school]} for school in schools}


def by_town(sites: list[Site], counts: Mapping[int, Mapping[str, int]]) -> dict[str, Any] | None:
    """The open hazards of each town as a chart; one town alone needs none."""
    towns: dict[str, list[int]] = {}
    for site in sites:
        in_time_and_overdue = towns.setdefault(site.school.town.name, [0, 0])
        in_time_and_overdue[0] += counts[site.school_id]["open"] - counts[site.school_id]["overdue"]
        in_time_and_overdue[1] += counts[site.school_id]["overdue"]
    if len(towns) == 1:
        return None
    series = [{"name": str(_("not overdue")), "colour": "--hy-warn"}, {"name": str(_("overdue")), "colour": "--hy-bad"}]
    return {"kind": "bar", "stacked": True, "series": series, "rows": list(towns.items())}


URLS = {"hazard": "inspections:hazard", "school": "web:school", "person": "people:person"}


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """Find anything the reader may see by its words, kind by kind."""
    text = request.GET.get("q", "").strip()[:100]
    found = find(request.reach, text)
    ledgers = {declared.search_kind: declared for declared in LEDGERS.values()}
    sections = [
        (ledgers[kind], [(hit, reverse(URLS[kind], args=[hit.object_code])) for hit in hits])
        for kind, hits in groupby(seen_by(request.reach, found.hits), key=attrgetter("kind"))
    ]
    return render(request, "web/search.html", {"q": text, "sections": sections, "more": found.more})


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that pages and database are up; nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
