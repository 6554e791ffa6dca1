"""Measures of readiness: plans in force and in date, a unit that is named, exercises that were reviewed, tiers reached."""

from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from huyuan.common.reach import Reach
from huyuan.emergency.contingency_packs import all_templates, title_of
from huyuan.emergency.models import ContingencyPlan, Incident, SmallSchool, Tier, UnitMember
from huyuan.emergency.policies import policy_of
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import County, OrganisationKind, School
from huyuan.policy.measuring import NOTHING_DUE, Evidence, Measure, Nth, Parameters, Rows, Scope, register

SHOWN = 50
SCHOOL = frozenset({OrganisationKind.SCHOOL})


class PlanParameters(Parameters):
    """For which kinds of emergency a plan must be in force."""

    kinds: tuple[str, ...] = Field(min_length=1)

    @field_validator("kinds")
    @classmethod
    def known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Only kinds that have a template."""
        if unknown := set(kinds) - {template.code for template in all_templates()}:
            raise ValueError(f"no such kind of plan: {', '.join(sorted(unknown))}")
        return kinds


class ExerciseParameters(Parameters):
    """Exercises of which classes of alarm count; none named means any."""

    classes: tuple[str, ...] = ()


class TierParameters(Parameters):
    """By which minute the people of the tier had to be on the spot."""

    minute: int = Field(default=1)
    classes: tuple[str, ...] = ()


def plans_in_force(scope: Scope, parameters: PlanParameters) -> Rows:
    """For how many of the kinds a school has a plan that is approved and not overdue for review; all are wanted."""
    held = ContingencyPlan.objects.approved().filter(
        county_id=scope.county_id, kind__in=parameters.kinds, review_by__gte=timezone.localdate()
    )
    figures: Rows = scope.of(held, "school_id").order_by().values(bearer=F("school_id")).annotate(
        value=Count("kind", distinct=True), wanted=Value(len(parameters.kinds)), late=Value(0),
        met_on=Max(TruncDate("approved_at")), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_plans(reach: Reach, organisation: int, scope: Scope, parameters: PlanParameters) -> list[Evidence]:
    """The plans of these kinds, in force and drafted."""
    today = timezone.localdate()
    plans = ContingencyPlan.objects.visible_to(reach).filter(school_id=organisation, kind__in=parameters.kinds)
    plans = plans.exclude(status=ContingencyPlan.Status.SUPERSEDED).order_by("kind", "-version")
    return [
        Evidence(
            title_of(plan.kind, today), str(plan.get_status_display()),
            timezone.localdate(plan.approved_at or plan.drafted_at), plan.get_absolute_url(),
            counts=bool(plan.review_by and plan.review_by >= today),
        )
        for plan in plans
    ]  # fmt: skip


def units_named(scope: Scope, parameters: Parameters) -> Rows:
    """How many of the people that a unit needs each school has named; a small school with its helper has done its part."""
    needs = _needs(scope.county_id)
    today, wanted = timezone.localdate(), sum(needs.values())
    current = Q(unit_members__stand_in=False, unit_members__in=UnitMember.objects.on(today))
    named: Any = sum(
        (
            Least(Count("unit_members", filter=current & Q(unit_members__part=part)), Value(needed))
            for part, needed in needs.items()
        ),
        start=Value(0),
    )
    small = SmallSchool.objects.standing().filter(school=OuterRef("pk"))
    schools = scope.of(School.objects.filter(county_id=scope.county_id), "pk").order_by()
    figures: Rows = schools.annotate(is_small=Exists(small), day=Subquery(small.values("declared_at")[:1])).values(
        bearer=F("pk")
    ).annotate(
        value=Case(When(is_small=True, then=Value(wanted)), default=named, output_field=IntegerField()),
        wanted=Value(wanted), late=Value(0),
        met_on=Coalesce(TruncDate("day"), Max("unit_members__since", filter=current)), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_units(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """The members of the unit, and the arrangement of a small school."""
    url = reverse("emergency:unit")
    school = School.objects.visible_to(reach).select_related("organisation").filter(pk=organisation).first()
    if school is None:
        return []
    url = f"{url}?school={school.organisation.code}"
    small = SmallSchool.objects.visible_to(reach).standing().filter(school=school).select_related("helper")
    found = [Evidence(one.helper.name, one.reason, timezone.localdate(one.declared_at), url) for one in small]
    members = UnitMember.objects.visible_to(reach).filter(school=school).on(timezone.localdate())
    return found + [
        Evidence(str(one.get_part_display()), one.user.name, one.since, url, counts=not one.stand_in)
        for one in members.select_related("user").order_by("stand_in", "part", "pk")
    ]


def exercises_in(scope: Scope, classes: tuple[str, ...]) -> Any:
    """The exercises of the period whose review is written."""
    first, after = scope.moments
    found = Incident.objects.filter(
        county_id=scope.county_id, sign=Sign.EXERCISE, status=Incident.Status.REVIEWED, opened_at__gte=first,
        opened_at__lt=after,
    ).order_by()  # fmt: skip
    return found.filter(alarm_class__in=classes) if classes else found


def exercises_held(scope: Scope, parameters: ExerciseParameters) -> Rows:
    """How many exercises each school has held and reviewed."""
    found = scope.of(exercises_in(scope, parameters.classes), "school_id")
    figures: Rows = found.values(bearer=F("school_id")).annotate(
        value=Count("pk"), wanted=Value(parameters.wanted), late=Value(0),
        met_on=Nth(TruncDate("opened_at"), parameters.wanted), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_exercises(reach: Reach, organisation: int, scope: Scope, parameters: ExerciseParameters) -> list[Evidence]:
    """The exercises of the period; one counts once its review is written."""
    first, after = scope.moments
    found = Incident.objects.visible_to(reach).filter(
        school_id=organisation, sign=Sign.EXERCISE, opened_at__gte=first, opened_at__lt=after
    )
    found = found.filter(alarm_class__in=parameters.classes) if parameters.classes else found
    return _evidence(found)


def tiers_reached(scope: Scope, parameters: TierParameters) -> Rows:
    """In how many reviewed exercises the people of a tier were on the spot in time: by school, station or whole county."""
    in_time = Tier.objects.filter(incident=OuterRef("pk"), minute=parameters.minute, reached_at__lte=F("due_at"))
    found = exercises_in(scope, parameters.classes).filter(Exists(in_time))
    field = BEARERS[OrganisationKind(scope.bearer)]
    figures: Rows = scope.of(found, field).values(bearer=F(field)).annotate(
        value=Count("pk"), wanted=Value(parameters.wanted), late=Value(0),
        met_on=Nth(TruncDate("opened_at"), parameters.wanted), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures.exclude(bearer=None)


def proof_of_tiers(reach: Reach, organisation: int, scope: Scope, parameters: TierParameters) -> list[Evidence]:
    """The reviewed exercises; those count in which the tier was reached in time."""
    in_time = Tier.objects.filter(incident=OuterRef("pk"), minute=parameters.minute, reached_at__lte=F("due_at"))
    field = BEARERS[OrganisationKind(scope.bearer)]
    found = exercises_in(scope, parameters.classes).filter(**{field: organisation}) & Incident.objects.visible_to(reach)
    return _evidence(found.annotate(in_time=Exists(in_time)))


BEARERS = {
    OrganisationKind.SCHOOL: "school_id",
    OrganisationKind.STATION: "school__station_id",
    OrganisationKind.COMMAND_CENTRE: "command_id",
}


def _evidence(found: Any) -> list[Evidence]:
    rows = found.select_related("school__organisation").order_by("-opened_at", "-pk")[:SHOWN]
    return [
        Evidence(
            f"{one.school.organisation.name} · {one.alarm.title}", str(one.get_status_display()),
            timezone.localdate(one.opened_at), one.get_absolute_url(),
            counts=getattr(one, "in_time", one.status == Incident.Status.REVIEWED),
        )
        for one in rows
    ]  # fmt: skip


def _needs(county_id: int) -> dict[str, int]:
    county = County.objects.get(pk=county_id)
    return {part.value: needed for part, needed in policy_of(county.adcode, timezone.localdate()).unit.items()}


register(Measure(
    "emergency.contingency_plans", _("contingency plans in force"), SCHOOL, plans_in_force, proof_of_plans,
    "emergency:plans", PlanParameters, declarable=False,
))  # fmt: skip
register(Measure(
    "emergency.unit", _("people named for the emergency unit"), SCHOOL, units_named, proof_of_units,
    "emergency:unit", declarable=False,
))  # fmt: skip
register(Measure(
    "emergency.exercises", _("exercises reviewed"), SCHOOL, exercises_held, proof_of_exercises,
    "emergency:plans", ExerciseParameters,
))  # fmt: skip
register(Measure(
    "emergency.tiers", _("exercises in which help came in time"), frozenset(BEARERS), tiers_reached, proof_of_tiers,
    "emergency:plans", TierParameters,
))  # fmt: skip
