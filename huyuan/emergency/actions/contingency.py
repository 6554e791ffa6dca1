"""Contingency plans: drafted from a template or the version in force, edited, approved, reviewed."""

from calendar import monthrange
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.emergency.actions.standing import plan_changed
from huyuan.emergency.contingency import content_of
from huyuan.emergency.contingency_packs import CardPart, PlanContent, Template, templates
from huyuan.emergency.models import ContingencyPlan, UnitMember
from huyuan.emergency.permissions import check_can_approve_plan, check_can_edit_plan
from huyuan.emergency.units import staff_of
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import School
from huyuan.people.models import User

Status = ContingencyPlan.Status


@transaction.atomic
def draft_plan(*, school: School, kind: str, by: Reach, now: datetime) -> ContingencyPlan:
    """Begin a new version from the one in force, else from the template; a draft that stands already is returned."""
    school = School.objects.select_for_update(of=("self",), no_key=True).select_related("county").get(pk=school.pk)
    check_can_edit_plan(by, school)
    today = timezone.localdate(now)
    template = template_of(kind, today)
    plans = ContingencyPlan.objects.filter(school=school, kind=kind)
    draft = plans.filter(status=Status.DRAFT).first()
    if draft is not None:
        return draft
    latest, in_force = plans.order_by("-version").first(), plans.approved().first()
    content = content_of(in_force) if in_force else _with_unit(template.plan, school, today)
    plan = ContingencyPlan.objects.create(
        county_id=school.county_id, school=school, kind=kind, version=latest.version + 1 if latest else 1,
        template=template.edition, content=content.model_dump(mode="json"), drafted_at=now, drafted_by_id=by.user_id,
    )  # fmt: skip
    audit.record("contingency:draft", target=plan, by=by, now=now, emergency=kind, version=plan.version)
    return plan


@transaction.atomic
def edit_plan(*, plan: ContingencyPlan, content: PlanContent, by: Reach, now: datetime) -> ContingencyPlan:
    """Write what a draft says."""
    plan = _locked(plan)
    check_can_edit_plan(by, plan.school)
    if plan.status != Status.DRAFT:
        raise Conflict(_("This version is not a draft any more. Begin a new version to change it."))
    known = set(staff_of(plan.school, timezone.localdate(now)).values_list("pk", flat=True))
    if not content.people() <= known:
        raise Invalid(_("Somebody named here has no post at the school any more. Choose somebody else."))
    plan.content = content.model_dump(mode="json")
    plan.save(update_fields=["content"])
    audit.record("contingency:edit", target=plan, by=by, now=now, content=audit.digest(content.model_dump_json()))
    return plan


@transaction.atomic
def approve_plan(*, plan: ContingencyPlan, by: Reach, now: datetime) -> ContingencyPlan:
    """Put a draft in force for the school; the version before it ends, and whoever has a card is told."""
    plan = _locked(plan)
    check_can_approve_plan(by, plan.school)
    content, today = content_of(plan), timezone.localdate(now)
    _check_complete(content)
    plan.move_to(Status.APPROVED)
    for former in ContingencyPlan.objects.approved().filter(school=plan.school, kind=plan.kind):
        former.move_to(Status.SUPERSEDED)
        former.save(update_fields=["status"])
    plan.approved_at, plan.approved_by_id = now, by.person
    plan.review_by = months_later(today, template_of(plan.kind, today).review_months)
    plan.save(update_fields=["status", "approved_at", "approved_by", "review_by"])
    plan_changed(plan.school, now)
    audit.record("contingency:approve", target=plan, by=by, now=now, emergency=plan.kind, version=plan.version)
    notifications.queue(
        "contingency:approve", to=User.objects.filter(pk__in=content.people()), by=by, now=now,
        url=plan.get_absolute_url(), actor=User.objects.get(pk=by.person).name, school=plan.school.organisation.name,
        plan=template_of(plan.kind, today).title.zh,
    )  # fmt: skip
    return plan


@transaction.atomic
def drop_draft(*, plan: ContingencyPlan, by: Reach, now: datetime) -> ContingencyPlan:
    """Give up a draft; the version in force stays as it is."""
    plan = _locked(plan)
    check_can_edit_plan(by, plan.school)
    if plan.status != Status.DRAFT:
        raise Conflict(_("Only a draft can be given up. A new version replaces the one in force."))
    plan.move_to(Status.SUPERSEDED)
    plan.save(update_fields=["status"])
    audit.record("contingency:drop", target=plan, by=by, now=now)
    return plan


@transaction.atomic
def confirm_review(*, plan: ContingencyPlan, by: Reach, now: datetime) -> ContingencyPlan:
    """Say that the version in force was reviewed and stays as it is until the next review."""
    plan = _locked(plan)
    check_can_approve_plan(by, plan.school)
    if plan.status != Status.APPROVED:
        raise Conflict(_("Only the version in force is reviewed."))
    today = timezone.localdate(now)
    plan.review_by = months_later(today, template_of(plan.kind, today).review_months)
    plan.save(update_fields=["review_by"])
    plan_changed(plan.school, now)
    audit.record("contingency:review", target=plan, by=by, now=now, review_by=str(plan.review_by))
    return plan


def template_of(kind: str, today: date) -> Template:
    """The template of a kind of emergency."""
    template = templates(today).get(kind)
    if template is None:
        raise Invalid(_("There is no template for this kind of emergency."))
    return template


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _with_unit(content: PlanContent, school: School, today: date) -> PlanContent:
    """A template with the people of the unit on the cards of their parts."""
    members = UnitMember.objects.filter(school=school, stand_in=False).on(today).order_by("pk")
    people: dict[str, list[int]] = {}
    for member in members:
        people.setdefault(member.part, []).append(member.user_id)
    cards = tuple(card.model_copy(update={"people": tuple(people.get(card.part, ()))}) for card in content.cards)
    return content.model_copy(update={"cards": cards})


def _check_complete(content: PlanContent) -> None:
    if content.response.needs_assembly and not content.assembly:
        raise Invalid(_("Name an assembly point before you approve this plan."))
    leader = next((card for card in content.cards if card.part is CardPart.LEADER), None)
    if leader is None or not leader.people:
        raise Invalid(_("Name who leads before you approve this plan."))


def _locked(plan: ContingencyPlan) -> ContingencyPlan:
    rows = ContingencyPlan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school__organisation", "school__county", "county").get(pk=plan.pk)
