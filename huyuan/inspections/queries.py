"""Questions about checks, hazards, papers and steps that no single QuerySet answers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.checklists import Checklist, current_checklists
from huyuan.inspections.models import HandOver, Hazard, Inspection, NoticeItem, StepUp
from huyuan.inspections.step_ups import EARLIEST, StepRule
from huyuan.organisations.calendar import WorkingDays, working_days
from huyuan.organisations.models import CalendarDay, County, Organisation, School
from huyuan.organisations.models import OrganisationKind as K
from huyuan.people.models import Post, User
from huyuan.people.queries import roles_with
from huyuan.policy.models import DayKind

FOLLOWERS = frozenset({
    K.EDUCATION_BUREAU, K.SECURITY_BUREAU, K.CULTURE_TOURISM, K.HEALTH, K.URBAN_MANAGEMENT, K.MARKET_REGULATION,
})  # fmt: skip
HELPERS = FOLLOWERS | {K.PARTY_GROUP, K.LEADING_GROUP}


def offered_checklists(reach: Reach, today: date) -> list[Checklist]:
    """What the reader may begin: a school its own round first, until it is done for the day; agencies the joint checks."""
    lists = current_checklists(today)
    joint, alone = ([one for one in lists if one.is_joint is wanted] for wanted in (True, False))
    if not School.objects.filter(pk__in=reach.speaks_for).exists():
        return joint
    begun = Inspection.objects.filter(school_id=reach.organisation_id, started_at__date=today)
    done = set(begun.exclude(status=Inspection.Status.CANCELLED).values_list("checklist_code", flat=True))
    due = [one for one in alone if one.code not in done]
    return [*due, *joint, *(one for one in alone if one.code in done)]


def addressees(hazard: Hazard, kind: str) -> QuerySet[Organisation]:
    """Whom a hazard can be handed to: the school's own station and town, and what works for the whole county."""
    kinds = HELPERS if kind == HandOver.Kind.COORDINATION else FOLLOWERS
    near = [hazard.school.station_id, hazard.school.town_id]
    found: QuerySet[Organisation] = Organisation.objects.filter(county_id=hazard.county_id)
    return found.filter(Q(kind__in=kinds) | Q(pk__in=[pk for pk in near if pk])).order_by("kind", "sort_key")


def hazards_to_put_on_paper(reach: Reach, school_id: int) -> QuerySet[Hazard]:
    """The hazards of a school that the acting agency ordered and that stand on no paper of their round."""
    on_paper = NoticeItem.objects.standing().filter(hazard=OuterRef("pk"), round=OuterRef("round"))
    ordered = Hazard.objects.visible_to(reach).filter(
        school_id=school_id, agency_id=reach.organisation_id, status=Hazard.Status.ORDERED, due_date__isnull=False
    )
    return ordered.exclude(Exists(on_paper)).order_by("due_date", "pk")


def hazards_to_step(county: County, rule: StepRule, due: Q, today: date) -> QuerySet[Hazard]:
    """The hazards for which a step is due and was not taken yet for this due date; paused ones never step.

    Nobody is reminded on the day of the order, and what was due before the county began with the product never steps.
    """
    running = Hazard.objects.filter(
        due, county=county, status=Hazard.Status.ORDERED, paused_on=None, due_date__gte=county.starts_on
    )
    if rule.only_major:
        running = running.filter(level=Hazard.Level.MAJOR).exclude(guide_item="")
    if rule.days < 0:
        running = running.exclude(ordered_at__date__gte=today)
    taken = StepUp.objects.filter(hazard=OuterRef("pk"), round=OuterRef("round"), due_date=OuterRef("due_date"))
    return running.exclude(Exists(taken.filter(rule=rule.key)))


def due_by(rule: StepRule, today: date, county: County) -> Q:
    """Which hazards a step is due for by today, each school by its own calendar: one comparison a calendar."""
    whole = working_days(county)
    due = Q(due_kind=DayKind.CALENDAR, due_date__lte=rule.latest_due(today, DayKind.CALENDAR, whole))
    apart = Q()
    working = Q(due_kind=DayKind.WORKING)
    special: list[int] = []
    for calendar, schools in calendars_of_schools(county, whole, today):
        special += schools
        apart |= Q(school_id__in=schools, due_date__lte=rule.latest_due(today, DayKind.WORKING, calendar))
    common = Q(due_date__lte=rule.latest_due(today, DayKind.WORKING, whole)) & ~Q(school_id__in=special)
    return due | working & (common | apart)


def calendars_of_schools(county: County, whole: WorkingDays, today: date) -> Iterable[tuple[WorkingDays, list[int]]]:
    """The calendars of schools with days of their own near today, each with its schools."""
    near = (today - timedelta(days=EARLIEST), today + timedelta(days=EARLIEST))
    own: dict[int, dict[date, bool]] = defaultdict(dict)
    for entry in CalendarDay.objects.filter(county=county, school__isnull=False, day__range=near):
        own[entry.school_id or 0][entry.day] = entry.works
    alike: dict[frozenset[tuple[date, bool]], list[int]] = defaultdict(list)
    for school_id, days in own.items():
        alike[frozenset(days.items())].append(school_id)
    for special, schools in alike.items():
        yield WorkingDays({**whole.overrides, **dict(special)}), schools


def possible_supervisors(county_id: int, on: date) -> QuerySet[User]:
    """The people of the county's agencies who see hazards: one of them supervises what is listed."""
    posts = Post.objects.held_on(on).filter(
        organisation__county_id=county_id, role__in=roles_with(Permission.HAZARD_READ)
    ).exclude(organisation__kind=K.SCHOOL)  # fmt: skip
    people: QuerySet[User] = User.objects.filter(pk__in=posts.values("user_id")).order_by("sort_key", "pk")
    return people


def steps_of(hazard: Hazard) -> QuerySet[StepUp]:
    """Every step taken for a hazard, those of its present due date marked as `current`."""
    rows: QuerySet[StepUp] = StepUp.objects.filter(hazard=hazard).annotate(
        current=Q(due_date=F("hazard__due_date"), round=F("hazard__round"))
    )
    return rows.order_by("pk")
