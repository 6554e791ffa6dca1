"""What an organisation does with its duties: declare what was done before, say who answers, adopt the whole."""

import hashlib
import json
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.people.models import User
from huyuan.people.queries import speakers_for
from huyuan.policy.judging import touch
from huyuan.policy.models import Adoption, Assignment, Obligation, Supplement
from huyuan.policy.packs import Rhythm
from huyuan.policy.permissions import check_can_adopt, check_can_keep_duties, check_can_withdraw
from huyuan.policy.queries import answering, duties_of
from huyuan.policy.rulebook import Rule, rulebook
from huyuan.policy.states import JUDGED

ADOPTED = "policy.implementation_plan"
A_YEAR = timedelta(days=365)


@transaction.atomic
def declare_supplement(
    *,
    obligation: Obligation,
    organisation: Organisation,
    done_on: date,
    what: str,
    proof: str,
    by: Reach,
    now: datetime,
) -> Supplement:
    """Declare that something was done before the plan counted here; it counts as declared, and is shown as such."""
    check_can_keep_duties(by, organisation)
    plan = obligation.plan
    if obligation.bearer != organisation.kind or plan.county_id != organisation.county_id:
        raise Invalid(_("Another kind of organisation owes this."))
    if done_on > timezone.localdate(now):
        raise Invalid(_("The day lies in the future. Only what has been done can be declared."))
    if done_on >= plan.counts_from:
        raise Invalid(
            _("From %(day)s on the work itself is recorded here, so only what was done before can be declared.")
            % {"day": plan.counts_from}
        )
    rule = _rule_of(obligation, organisation.county, timezone.localdate(now))
    _check_would_count(rule, done_on)
    if Supplement.objects.standing().filter(obligation=obligation, organisation=organisation, done_on=done_on).exists():
        raise Conflict(_("For this day a declaration stands already."))
    supplement = Supplement.objects.create(
        obligation=obligation, organisation=organisation, done_on=done_on, what=what, proof=proof,
        declared_by_id=by.person, declared_at=now,
    )  # fmt: skip
    _judge_anew(supplement, rule.version.measure, now)
    audit.record("supplement:declare", target=supplement, by=by, now=now, key=obligation.key, words=audit.digest(what))
    return supplement


@transaction.atomic
def withdraw_supplement(*, supplement: Supplement, reason: str, by: Reach, now: datetime) -> Supplement:
    """Take a declaration back; it stays readable with the reason and counts no more."""
    related = ("organisation", "obligation__plan")
    supplement = Supplement.objects.select_for_update(of=("self",)).select_related(*related).get(pk=supplement.pk)
    check_can_withdraw(by, supplement.organisation)
    if supplement.withdrawn_at is not None:
        raise Conflict(_("This declaration has been taken back already."))
    supplement.withdrawn_at, supplement.withdrawn_by_id, supplement.withdrawal_reason = now, by.person, reason
    supplement.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    version = supplement.obligation.versions.order_by("-number").first()
    _judge_anew(supplement, version.measure if version else "", now)
    audit.record("supplement:withdraw", target=supplement, by=by, now=now, reason=audit.digest(reason))
    return supplement


@transaction.atomic
def assign_duty(
    *, obligation: Obligation, organisation: Organisation, person: User | None, by: Reach, now: datetime
) -> None:
    """Say who answers for an obligation; without a person nobody does any more."""
    check_can_keep_duties(by, organisation)
    today = timezone.localdate(now)
    if person is not None and person not in speakers_for(organisation.pk, Permission.SCHOOL_READ, today):
        raise Invalid(_("This person holds no post here."))
    standing = Assignment.objects.select_for_update().filter(
        organisation=organisation, obligation=obligation, ended_on=None
    )
    if person is not None and standing.filter(person=person).exists():
        return
    standing.update(ended_on=today)
    if person is not None:
        Assignment.objects.create(organisation=organisation, obligation=obligation, person=person, assigned_on=today)
    audit.record(
        "duty:assign",
        target=organisation,
        by=by,
        now=now,
        key=obligation.key,
        person=str(person.code) if person else "",
    )


@transaction.atomic
def adopt_plan(*, organisation: Organisation, by: Reach, now: datetime) -> Adoption:
    """Adopt the obligations with their dates and people as the organisation's implementation plan."""
    organisation = (
        Organisation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("county")
        .get(pk=organisation.pk)
    )
    check_can_adopt(by, organisation)
    today = timezone.localdate(now)
    owed = [stand for stand in duties_of(organisation, organisation.county, today) if stand.state in JUDGED]
    if not owed:
        raise Invalid(_("The county has no plan yet that obliges this organisation to anything."))
    people = answering(organisation)
    content = [
        [s.rule.entry.key, s.rule.version.number, str(s.due_on), _code(people.get(s.rule.version.obligation_id))]
        for s in owed
    ]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    last = organisation.adoptions.first()
    if last is not None and (last.digest, last.adopted_on) == (digest, today):
        return last
    adoption = Adoption.objects.create(
        organisation=organisation, adopted_on=today, adopted_by_id=by.person, duties=len(owed), digest=digest
    )
    touch(county=organisation.county, measures=[ADOPTED], organisations=[organisation.pk], on=today)
    audit.record("duty:adopt", target=organisation, by=by, now=now, duties=len(owed), content=digest)
    return adoption


def _rule_of(obligation: Obligation, county: County, today: date) -> Rule:
    rules = rulebook(county, today, bearer=obligation.bearer).rules
    rule = next((one for one in rules if one.version.obligation_id == obligation.pk), None)
    if rule is None:
        raise Invalid(_("This obligation is not in force."))
    return rule


def _check_would_count(rule: Rule, done_on: date) -> None:
    """Only what was done in the running period, or within a year for what is owed once, counts for anything."""
    if rule.measure is None or rule.span is None:
        raise Invalid(_("Nothing judges this obligation yet, so a declaration would not count."))
    if rule.measure.events or not rule.measure.declarable:
        raise Invalid(_("This is judged by how things stand now, so nothing can be declared for it."))
    earliest = rule.plan.counts_from - A_YEAR if rule.version.rhythm is Rhythm.ONCE else rule.span.starts_on
    if done_on < earliest:
        raise Invalid(_("What was done before %(day)s counts for nothing that is owed now.") % {"day": earliest})


def _code(assignment: Assignment | None) -> str:
    return str(assignment.person.code) if assignment else ""


def _judge_anew(supplement: Supplement, measure: str, now: datetime) -> None:
    county = supplement.organisation.county
    days = {timezone.localdate(now), supplement.done_on}
    for day in sorted(days):
        touch(county=county, measures=[measure], organisations=[supplement.organisation_id], on=day)
