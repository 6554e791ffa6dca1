"""A pack that cannot be used names file, line and reason of everything that is wrong with it, at once."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from huyuan.common.packs import PackError, Strict, Text, check_versions, read_pack, shown
from huyuan.inspections.checklists import read_checklist


class Part(Strict):
    """A part of the pack of these tests."""

    key: str
    days: int = 1
    since: date | None = None


class Whole(Strict):
    """The pack of these tests."""

    code: str
    title: Text
    parts: tuple[Part, ...]


CHECKLIST = """\
code: sample
version: 1
effective_from: 2026-09-01
source: {zh: 依据, en: Basis}
title: {zh: 检查表, en: Checklist}
sections:
  - key: first
    title: {zh: 第一部分, en: First}
    items:
      - key: door
        kind: yes_no
        ask: {zh: 门好吗？, en: Look at the door}
        finding: {zh: 门坏了, en: The door is broken}
        basis: {zh: 默认, en: Default}
  - key: second
    title: {zh: 第二部分, en: Second}
    items:
      - key: lock
        kind: yes_no
        ask: {zh: 锁好吗？, en: Look at the lock}
        finding: {zh: 锁坏了, en: The lock is broken}
        basis: {zh: 默认, en: Default}
"""


def written(folder: Path, text: str, name: str = "sample.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def problems_of(path: Path, read=lambda path: read_pack(path, Whole)) -> list[tuple[int, str]]:
    with pytest.raises(PackError) as refused:
        read(path)
    assert all(one.file == shown(path) for one in refused.value.problems)
    return [(one.line, one.reason) for one in refused.value.problems]


def test_every_misfit_is_named_with_its_line(tmp_path):
    text = "code: 5\ntitle:\n  zh: 标题\nparts:\n  - key: a\n    days: many\n  - key: b\n    colour: red\n    since: soon\n  - c\n"
    assert problems_of(written(tmp_path, text)) == [
        (1, "code: 5 is no text; put it between quotation marks"),
        (2, "title.en: is missing"),
        (6, 'days: "many" is no whole number'),
        (8, "colour: is not known here"),
        (9, 'since: "soon" is no date; write it as 2026-09-01'),
        (10, "must be names with values (name: value), one a line"),
    ]


def test_a_name_that_stands_twice_is_a_problem_beside_the_others(tmp_path):
    text = "code: a\ntitle: {zh: 标题, en: Title}\nparts:\n  - key: a\n    days: 1\n    key: b\n    days: x\n"
    assert problems_of(written(tmp_path, text)) == [
        (5, 'days: "x" is no whole number'),
        (6, "key stands here a second time, first in line 4"),
        (7, "days stands here a second time, first in line 5"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("code: a\nparts: [\n", 3, "this is no YAML: expected the node content, but found '<stream end>'"),
        ("code: a\nparts: !!python/name:os.system\n", 2, "this is no YAML: could not determine a constructor"),
        ("code: a\nother: &x 1\non: 2026-13-41\n", 3, "this date does not exist: month must be in 1..12"),
        ("", 1, "must be names with values"),
        ("code: \x07\n", 1, "this is no YAML: "),
    ],
)
def test_what_is_no_yaml_is_said_with_its_line(tmp_path, content, line, reason):
    [(found_line, found)] = problems_of(written(tmp_path, content))
    assert found_line == line
    assert found.startswith(reason)


def test_a_file_in_another_encoding_or_none_at_all_is_said(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("code: 县".encode("gbk"))
    assert problems_of(path) == [(1, "the file is not written in UTF-8")]
    assert problems_of(tmp_path / "none.yaml") == [(1, "there is no such file, or it may not be read")]


def test_a_problem_reads_as_file_line_and_reason(tmp_path):
    path = written(tmp_path, "code: a\ntitle: {zh: 标题, en: Title}\nparts: 3\n")
    with pytest.raises(PackError, match=r"sample\.yaml, line 3: parts: must be a list$"):
        read_pack(path, Whole)


def test_a_file_of_the_installation_is_named_from_its_folder_on():
    assert shown(settings.PACKS / "plans" / "a.yaml") == "packs/plans/a.yaml"


def test_a_checklist_names_items_that_stand_twice_or_depend_on_what_is_not_asked(tmp_path):
    text = CHECKLIST.replace("key: lock", "key: door") + "        only_if: {item: nothing, answers: [yes_]}\n"
    assert problems_of(written(tmp_path, text), read_checklist) == [
        (18, "door: an item of this key stands above already"),
        (23, "door: it depends on nothing, which does not exist"),
    ]
    text = CHECKLIST + "        only_if: {item: door, answers: [yes_]}\n"
    assert problems_of(written(tmp_path, text), read_checklist) == [
        (23, "lock: it depends on door, which stands in another section")
    ]


def test_versions_of_one_code_follow_each_other(tmp_path):
    folder = tmp_path / "checklists"
    first = written(folder, CHECKLIST, "a.yaml")
    twice = written(folder, CHECKLIST, "b.yaml")
    early = written(folder, CHECKLIST.replace("version: 1", "version: 2").replace("2026-09-01", "2026-08-01"), "c.yaml")
    found = check_versions({path: read_checklist(path) for path in (first, twice, early)})
    assert [(one.file, one.line) for one in found] == [(str(twice), 2), (str(early), 3)]
    assert found[0].reason == f"sample has its version 1 in {first} already"
    assert found[1].reason.startswith("overlapping versions: version 2 must come into force after version 1")


def check(*paths: Path) -> tuple[int, str]:
    """The exit status and the output of the command."""
    output = StringIO()
    try:
        call_command("packs", "check", *(str(path) for path in paths), stdout=output)
    except SystemExit as end:
        return int(end.code), output.getvalue()
    return 0, output.getvalue()


def test_the_command_prints_file_line_and_reason_and_ends_with_one(tmp_path):
    good = written(tmp_path / "checklists", CHECKLIST, "good.yaml")
    bad = written(tmp_path / "checklists", CHECKLIST.replace("kind: yes_no", "kind: maybe", 1), "bad.yaml")
    assert check(good) == (0, "packs: 1, problems: 0\n")
    status, output = check(good, bad)
    assert status == 1
    assert output == f'{bad}:11: kind: "maybe" is not one of yes_no, number, choice, photo\npacks: 2, problems: 1\n'


def test_the_command_answers_json(tmp_path):
    bad = written(tmp_path / "checklists", CHECKLIST.replace("version: 1", "version: first"))
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("packs", "check", str(bad), "--json", stdout=output)
    assert json.loads(output.getvalue()) == {
        "files": 1,
        "problems": [{"file": str(bad), "line": 2, "reason": 'version: "first" is no whole number'}],
    }


def test_a_pack_in_no_known_folder_or_of_another_ending_is_a_problem(tmp_path):
    lost = written(tmp_path / "elsewhere", CHECKLIST)
    ending = written(tmp_path / "checklists", CHECKLIST, "sample.yml")
    status, output = check(lost, ending)
    assert status == 1
    assert (
        f"{lost}:1: packs are .yaml files in a folder of their kind: alarms, checklists, contingency, guides, plans, step-ups"
        in output
    )
    assert f"{ending}:1: packs are .yaml files" in output
