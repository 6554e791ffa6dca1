"""What of a plan the product covers: per clause its obligations, their measures, the pages of their records, the tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from huyuan.policy.measuring import MEASURES
from huyuan.policy.packs import ObligationRule, PlanPack

ROOT = Path(settings.BASE_DIR)
MARK = "clause"


def tests_by_clause() -> dict[str, list[str]]:
    """The tests that carry `@pytest.mark.clause("3.1", …)`, by clause."""
    found: dict[str, list[str]] = {}
    for path in sorted([*ROOT.glob("huyuan/*/tests/test_*.py"), *ROOT.glob("tests/**/test_*.py")]):
        for name, clause in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(clause, []).append(f"{path.relative_to(ROOT)}::{name}")
    return found


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == MARK:
                for value in decorator.args:
                    if isinstance(value, ast.Constant):
                        yield function.name, str(value.value)


def table(pack: PlanPack) -> str:
    """The whole page in Markdown."""
    tests = tests_by_clause()
    judged = sum(rule.measure is not None and rule.measure.key in MEASURES for _c, _p, rule in pack.obligations())
    outside = sum(rule.outside is not None for _c, _p, rule in pack.obligations())
    every = len(pack.obligations())
    lines = [
        "# Plan coverage", "",
        f"Written by `manage.py plan_coverage` from `packs/plans/{pack.code}.yaml`, version {pack.version}; a test keeps it in step.",
        "", f"{len(pack.clauses)} clauses, {every} obligations: {judged} judged by a measure, {outside} handled outside, "
        f"{every - judged - outside} with no data behind them yet.", "",
    ]  # fmt: skip
    for clause in pack.clauses:
        kinds = ", ".join(f"{passage.number} {passage.kind}" for passage in clause.passages)
        lines += [f"## {clause.number} ({clause.kind})", "", f"Passages: {kinds or 'none'}.", ""]
        rules = [rule for passage in clause.passages for rule in passage.obligations]
        if rules:
            lines += ["| obligation | owed by | rhythm | measure | page |", "|---|---|---|---|---|"]
            lines += [_row(rule) for rule in rules] + [""]
        if clause.number in tests:
            lines += ["Tests: " + ", ".join(f"`{name}`" for name in tests[clause.number]) + ".", ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(rule: ObligationRule) -> str:
    measure = MEASURES.get(rule.measure.key) if rule.measure else None
    period = rule.period
    rhythm = f"{period.rhythm} (default {period.default})" if period.default else str(period.rhythm)
    judged = f"`{measure.key}`" if measure else "outside" if rule.outside else "no data"
    page = f"`{reverse(measure.page)}`" if measure else ""
    return f"| {rule.title.en} (`{rule.key}`) | {rule.bearer} | {rhythm} | {judged} | {page} |"
