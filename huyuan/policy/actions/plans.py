"""Bringing a plan's text in, and the pack that says what its clauses oblige to."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.organisations.models import County
from huyuan.policy.judging import judge_all
from huyuan.policy.models import Clause, Obligation, ObligationVersion, Plan, PlanVersion
from huyuan.policy.packs import PlanPack, Rhythm, matches, plan_packs
from huyuan.policy.permissions import check_can_keep_plan
from huyuan.policy.plantext import PlanText, parse_plan
from huyuan.policy.rulebook import plans_of

TITLE_LIMIT = 200
CODE = re.compile(r"[a-z0-9-]{2,40}")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Imported:
    """What an import did: the version that is in force now, and whether it is a new one."""

    version: PlanVersion
    parsed: PlanText
    new: bool
    replaced: Plan | None = None


@dataclass(frozen=True)
class Installed:
    """What installing packs did: how many rules changed, None without any pack; and what does not fit the text."""

    changed: int | None
    misfits: list[str]


@transaction.atomic
def import_plan(
    *, county: County, code: str, text: str, file_name: str, counts_from: date | None, by: Reach, now: datetime
) -> Imported:
    """Bring a plan's text in as its next version; the same text again changes nothing.

    `counts_from` is the day from which the plan is judged; without one the day of the first import, or the county's
    start date when that is later.
    """
    check_can_keep_plan(by)
    if not CODE.fullmatch(code):
        raise Invalid(_("The code has small letters, digits and hyphens only, for example anyi-2024."))
    parsed = parse_plan(text)
    before = plans_of(county.pk).first()
    plan = Plan.objects.select_for_update().filter(county=county, code=code).first()
    today = timezone.localdate(now)
    if plan is None:
        start = counts_from or max(county.starts_on, today)
        plan = Plan.objects.create(
            county=county, code=code, title=_title_of(parsed), counts_from=start, in_force_from=now
        )
    elif counts_from is not None and counts_from != plan.counts_from:
        raise Conflict(_("This plan counts from %(day)s already; a new version does not move that day.")
                       % {"day": plan.counts_from})  # fmt: skip
    replaced = before if before is not None and before != plan else None
    if replaced is not None:
        plan.in_force_from = now
        plan.save(update_fields=["in_force_from"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = plan.versions.order_by("-number").first()
    if last is not None and last.digest == digest:
        return Imported(last, parsed, new=False, replaced=replaced)
    version = _write_version(plan, last, parsed, text, file_name, by, now)
    audit.record("plan:import", target=version, by=by, now=now, plan=code, version=version.number, text=digest)
    return Imported(version, parsed, new=True, replaced=replaced)


def _write_version(
    plan: Plan, last: PlanVersion | None, parsed: PlanText, text: str, file_name: str, by: Reach, now: datetime
) -> PlanVersion:
    """The next version of a plan with its clauses."""
    version = PlanVersion.objects.create(
        plan=plan, number=last.number + 1 if last else 1, text=text, preamble=parsed.preamble,
        digest=hashlib.sha256(text.encode()).hexdigest(), file_name=file_name[:TITLE_LIMIT], imported_at=now,
        imported_by_id=by.user_id,
    )  # fmt: skip
    Clause.objects.bulk_create(
        Clause(
            version=version, position=position, number=clause.number, level=clause.level, marker=clause.marker,
            title=clause.title[:TITLE_LIMIT], text=clause.text,
        )
        for position, clause in enumerate(parsed.clauses)
    )  # fmt: skip
    plan.title = _title_of(parsed)
    plan.save(update_fields=["title"])
    return version


def install_packs(*, plan: Plan, by: Reach, now: datetime) -> Installed:
    """Install the packs written for this plan that it does not have yet, one version after the other.

    Where the newest does not fit the text of the plan the rules stay as they are, and it is said what does not fit.
    """
    versions = sorted(version for code, version in plan_packs() if code == plan.code)
    if not versions:
        return Installed(None, [])
    newest = plan.versions.order_by("-number").first()
    misfits = matches(plan_packs()[plan.code, versions[-1]], parse_plan(newest.text)) if newest else []
    if misfits:
        return Installed(None, misfits)
    changed = sum(
        install_pack(plan=plan, pack=plan_packs()[plan.code, version], by=by, now=now)
        for version in versions if version >= (plan.pack_version or 1)
    )  # fmt: skip
    return Installed(changed, [])


def install_pack(*, plan: Plan, pack: PlanPack, by: Reach, now: datetime) -> int:
    """Make the pack's obligations those of the plan, and judge everybody by them; says how many rules changed."""
    changed = _install(plan, pack, by, now)
    judge_all(county=plan.county, today=timezone.localdate(now))
    return changed


@transaction.atomic
def _install(plan: Plan, pack: PlanPack, by: Reach, now: datetime) -> int:
    check_can_keep_plan(by)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("county").get(pk=plan.pk)
    newest = plan.versions.order_by("-number").first()
    if newest is None or pack.code != plan.code:
        raise Invalid(_("This pack belongs to another plan."))
    if wrong := matches(pack, parse_plan(newest.text)):
        raise Invalid(_("The pack does not fit the text of the plan: %(what)s") % {"what": "; ".join(wrong[:5])})
    before = {o.key: o for o in plan.obligations.all()}
    changed = _write_rules(plan, pack, before)
    gone = set(before) - {rule.key for _clause, _passage, rule in pack.obligations()}
    plan.obligations.filter(key__in=gone, retired_on=None).update(retired_on=pack.effective_from)
    plan.pack_version = pack.version
    plan.save(update_fields=["pack_version"])
    audit.record(
        "plan:install_pack", target=newest, by=by, now=now, pack=pack.code, version=pack.version, changed=changed
    )
    return changed


def _write_rules(plan: Plan, pack: PlanPack, before: dict[str, Obligation]) -> int:
    latest = {v.obligation_id: v for v in ObligationVersion.objects.filter(obligation__plan=plan).order_by("number")}
    changed = 0
    for position, (clause, passage, rule) in enumerate(pack.obligations()):
        obligation = before.get(rule.key) or Obligation(plan=plan, key=rule.key, bearer=rule.bearer)
        if obligation.bearer != rule.bearer:
            raise Invalid(
                _("“%(key)s” is owed by another kind of organisation now: give it a new key.") % {"key": rule.key}
            )
        obligation.retired_on = None
        obligation.save()
        version = ObligationVersion(
            obligation=obligation, valid_from=pack.effective_from, clause=clause, passage=passage, position=position,
            rule=rule.model_dump(mode="json"), measure=rule.measure.key if rule.measure else "",
        )  # fmt: skip
        changed += _follow(latest.get(obligation.pk), version)
    return changed


@transaction.atomic
def set_rhythm(*, obligation: Obligation, rhythm: Rhythm, by: Reach, now: datetime) -> ObligationVersion:
    """Set how often something is owed that the plan only calls "regularly"; it begins with the next such period."""
    check_can_keep_plan(by)
    obligation = Obligation.objects.select_for_update(of=("self",)).select_related("plan__county").get(pk=obligation.pk)
    last = obligation.versions.order_by("-number").first()
    if last is None or last.entry.period.rhythm is not Rhythm.REGULAR:
        raise Invalid(_("The plan itself says how often this is owed; the county cannot set it."))
    if rhythm in (Rhythm.ONCE, Rhythm.EVENT, Rhythm.REGULAR):
        raise Invalid(_("Choose a rhythm: monthly, quarterly, every term or yearly."))
    today = timezone.localdate(now)
    if last.chosen_rhythm == rhythm:
        return last
    if last.valid_from >= today and last.number > 1:
        last.chosen_rhythm = rhythm
        last.save(update_fields=["chosen_rhythm"])
        version = last
    else:
        version = ObligationVersion.objects.create(
            obligation=obligation, number=last.number + 1, valid_from=max(today, last.valid_from + DAY),
            clause=last.clause, passage=last.passage, position=last.position, rule=last.rule, measure=last.measure,
            chosen_rhythm=rhythm,
        )  # fmt: skip
    audit.record("plan:set_rhythm", target=obligation, by=by, now=now, key=obligation.key, rhythm=str(rhythm))
    return version


def _follow(last: ObligationVersion | None, version: ObligationVersion) -> bool:
    """Write a version when it says something new; a rule that stands already is left."""
    if last is not None:
        same = (last.rule, last.clause, last.passage) == (version.rule, version.clause, version.passage)
        if same:
            if last.position != version.position:
                ObligationVersion.objects.filter(pk=last.pk).update(position=version.position)
            return False
        if version.valid_from <= last.valid_from:
            raise Invalid(
                _("The pack changes “%(key)s” without a later date: give it a new version that begins after %(day)s.")
                % {"key": version.obligation.key, "day": last.valid_from}
            )
        version.chosen_rhythm = last.chosen_rhythm if version.entry.period.rhythm is Rhythm.REGULAR else ""
    version.number = last.number + 1 if last else 1
    version.save()
    return True


def _title_of(parsed: PlanText) -> str:
    """The first line that says something, as a plan carries its title."""
    lines = (line.strip() for line in parsed.preamble.splitlines())
    return next((line for line in lines if line), "")[:TITLE_LIMIT]
