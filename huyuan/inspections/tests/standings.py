"""A small plan with one obligation for each thing that is judged, for the tests of standing."""

from datetime import date
from typing import Any

from factories import NOW, Cast
from huyuan.organisations.models import Organisation
from huyuan.policy.actions import plans
from huyuan.policy.models import Plan
from huyuan.policy.packs import PlanPack
from huyuan.policy.queries import duties_of
from huyuan.policy.states import Stand

TEXT = """云溪县校园安全治理方案
总的要求见下。
一、目标
校园安全，人人有责。
二、措施
（一）排查。派出所和学校做一次全面检查；隐患按期整改。
（二）人员。学校配齐人员。
"""
HUNDREDS = ["hundred_closed", "hundred_guards"]


def words(text: str) -> dict[str, str]:
    """The same in both languages."""
    return {"zh": text, "en": text}


def rule(key: str, bearer: str, period: dict[str, Any], measure: str = "", **more: Any) -> dict[str, Any]:
    """One obligation; parameters of its measure and other fields by name."""
    parameters = more.pop("parameters", {})
    judged = {"measure": {"key": measure, "parameters": parameters}} if measure else {}
    return {
        "key": key,
        "title": words(key),
        "bearer": bearer,
        "period": period,
        "source": words("方案"),
        **judged,
        **more,
    }


CHECKS = [
    rule("joint-check", "school", {"rhythm": "once", "within_days": 60}, "inspections.checks",
         parameters={"checklists": ["comprehensive"], "by": ["station"]}, veto=True),
    rule("joint-check-station", "station", {"rhythm": "term"}, "inspections.checks_led"),
    rule("monthly-check", "school", {"rhythm": "monthly", "warn_days": 5}, "inspections.checks"),
    rule("hundreds", "school", {"rhythm": "term"}, "inspections.items_passed", parameters={"items": HUNDREDS}),
    rule("rectify", "school", {"rhythm": "event", "within_days": 0, "warn_days": 3}, "inspections.hazards_rectified"),
    rule("order", "station", {"rhythm": "event", "within_days": 3}, "inspections.hazards_ordered"),
    rule("recheck", "station", {"rhythm": "event", "within_days": 5}, "inspections.hazards_rechecked"),
    rule("screening", "station", {"rhythm": "regular", "default": "term"}, outside=words("在公安系统内办理")),
]  # fmt: skip
PEOPLE = [
    rule("posts", "school", {"rhythm": "term"}, "people.posts_held", parameters={"roles": ["school_head", "safety_officer"]}),
    rule("dormitory", "school", {"rhythm": "term"}, "people.posts_held", parameters={"roles": ["guard"]},
         applies_if={"boarding": True}),
    rule("regular-check", "school", {"rhythm": "regular", "default": "term"}, "inspections.checks"),
    rule("adopted", "school", {"rhythm": "yearly"}, "policy.implementation_plan"),
    rule("counselling", "school", {"rhythm": "yearly"}),
]  # fmt: skip


def pack(version: int = 1, effective_from: date = date(2026, 9, 1), checks: list[dict[str, Any]] = CHECKS) -> PlanPack:
    """The pack of the plan above."""
    goal = {"number": 1, "kind": "goal"}
    return PlanPack.model_validate({
        "code": "yunxi-test", "version": version, "effective_from": effective_from, "title": words("方案"), "source": words("测试"),
        "clauses": [
            {"number": "1", "kind": "goal", "passages": [goal]}, {"number": "2", "kind": "duty"},
            {"number": "2.1", "kind": "duty", "passages": [
                {"number": 1, "kind": "duty", "obligations": checks}, {"number": 2, "kind": "goal"},
            ]},
            {"number": "2.2", "kind": "duty", "passages": [{"number": 1, "kind": "duty", "obligations": PEOPLE}]},
        ],
    })  # fmt: skip


def make_plan(cast: Cast, counts_from: date = date(2026, 9, 1), **others: Any) -> Plan:
    """Bring the plan in and install its pack."""
    by = cast.reach("bureau")
    done = plans.import_plan(
        county=cast.county, code="yunxi-test", text=TEXT, file_name="方案.txt", counts_from=counts_from, by=by, now=NOW
    )
    plans.install_pack(plan=done.version.plan, pack=pack(**others), by=by, now=NOW)
    return done.version.plan


def stands_of(cast: Cast, where: str, day: date) -> dict[str, Stand]:
    """Where an organisation of the cast stands, by the key of the obligation."""
    organisation = Organisation.objects.select_related("school").get(pk=cast.organisations[where].pk)
    return {stand.rule.entry.key: stand for stand in duties_of(organisation, cast.county, day)}
