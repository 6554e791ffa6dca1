"""The commands of the plan: `import_plan`, and the page on what of it is covered."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from huyuan.inspections.tests.standings import TEXT
from huyuan.organisations.models import County
from huyuan.policy.models import Obligation, Plan

DEMO = Path(settings.BASE_DIR) / "huyuan" / "config" / "demo" / "plan.txt"
ANYI = Path(settings.BASE_DIR).parent / "shared" / "plan" / "anyi-2024.txt"


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.clause("4.1")
def test_import_plan_says_clauses_depth_and_headings(cast):
    said = json.loads(run("import_plan", str(DEMO), "--code", "yunxi-2026", "--json"))
    assert said.keys() == {"clauses", "depth", "top"}
    assert (said["clauses"], said["depth"], len(said["top"])) == (23, 3, 4)
    assert Obligation.objects.in_force().count() > 100
    again = json.loads(run("import_plan", str(DEMO), "--code", "yunxi-2026", "--json"))
    assert again == said and Plan.objects.get().versions.count() == 1


def test_an_empty_database_gets_a_first_county(db, tmp_path):
    file = tmp_path / "方案.txt"
    file.write_text(TEXT, encoding="utf-8")
    run("import_plan", str(file), "--code", "trial")
    assert Plan.objects.get().county == County.objects.get()


def test_a_plan_that_cannot_be_read_is_refused_and_nothing_is_kept(cast, tmp_path):
    file = tmp_path / "方案.txt"
    file.write_text("一、目标\n（二）措施。\n", encoding="utf-8")
    with pytest.raises(CommandError):
        run("import_plan", str(file), "--code", "trial")
    with pytest.raises(CommandError):
        run("import_plan", str(tmp_path / "nothing.txt"), "--code", "trial")
    assert not Plan.objects.exists()


@pytest.mark.skipif(not ANYI.exists(), reason="the county's own paper is not shipped; it is read where it lies")
def test_the_plan_of_anyi_comes_in_whole(cast):
    said = json.loads(run("import_plan", str(ANYI), "--code", "anyi-2024", "--json"))
    assert said == {"clauses": 20, "depth": 2, "top": ["明确目标任务", "细化职责分工", "落实工作措施", "强化工作要求"]}
    version = Plan.objects.get().versions.get()
    assert version.preamble + "".join(version.clauses.values_list("text", flat=True)) == ANYI.read_text(
        encoding="utf-8"
    )


def test_the_page_on_coverage_is_in_step():
    call_command("plan_coverage", "--check")
