"""The chain in a file: another agency walks it without our database, and every tampering is named."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factories import NOW
from huyuan.audit import actions as audit
from huyuan.audit.actions import seal
from huyuan.audit.files import read_links
from huyuan.audit.queries import Verdict, verify
from huyuan.common.reach import system_reach
from tests.environment import ROOT, VAR

LENGTH = 40
TAMPERINGS = 500
LATER = (NOW + timedelta(days=1)).astimezone(UTC).isoformat()


@pytest.fixture
def exported(cast, tmp_path):
    """The chain of a county, and its head, as files."""
    for number in range(LENGTH):
        reach, now = system_reach(cast.county.pk), NOW + timedelta(seconds=number)
        audit.record("test:row", target=cast.county, by=reach, now=now, number=number, word=audit.digest("字"))
    seal(now=NOW)
    rows, head = tmp_path / "rows.jsonl", tmp_path / "head.jsonl"
    call_command("audit", "export", "--rows", str(rows), "--to", str(head))
    return rows, head


def changed(draw, text):
    """The text with one character replaced by another."""
    place = draw.randrange(len(text))
    return text[:place] + draw.choice([c for c in '07aefz"{},: ' if c != text[place]]) + text[place + 1 :]


def edited(draw, line):
    """The line with one value changed, written as the product writes."""
    said = json.loads(line)
    part = draw.choice(["sealed_at", "digest", "row", "content", "content", "content"])
    if part != "content":
        said[part] = {"sealed_at": LATER, "digest": said["digest"][::-1], "row": said["row"] + 1_000_000}[part]
    else:
        column = draw.choice(sorted(said["content"]))
        old = said["content"][column]
        said["content"][column] = (
            {"added": 1} if column == "details" else LATER if column == "at"
            else f"{old}x" if isinstance(old, str) else (old or 0) + 1
        )  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def tamper(draw, lines):
    """Do one random thing to the file; gives the lines, how many links hold, and the row to be named if it is legible."""
    rows = [json.loads(line)["row"] for line in lines]
    at, act = draw.randrange(len(lines)), draw.choice(["edit", "edit", "character", "delete", "swap", "double", "cut"])
    follower = rows[at + 1] if at + 1 < len(lines) else rows[-1]
    if act == "edit":
        line = edited(draw, lines[at])
        return act, [*lines[:at], line, *lines[at + 1 :]], at, {json.loads(line)["row"]}
    if act == "character":
        line = changed(draw, lines[at])
        return act, [*lines[:at], line, *lines[at + 1 :]], at, None
    if act == "delete":
        return act, lines[:at] + lines[at + 1 :], at, {follower}
    if act == "swap":
        other = draw.choice([n for n in range(len(lines)) if n != at])
        first, second = sorted((at, other))
        moved = list(lines)
        moved[first], moved[second] = lines[second], lines[first]
        return act, moved, first, {rows[second]}
    if act == "double":
        return act, [*lines[: at + 1], lines[at], *lines[at + 1 :]], at + 1, {rows[at]}
    return act, lines[:at], at, {rows[-1]}


def test_five_hundred_random_tamperings_of_the_file_are_each_found_and_the_first_bad_row_is_named(exported):
    rows, head = exported
    lines = rows.read_text().splitlines(keepends=True)
    assert verify(head, links=read_links(rows)) == Verdict(LENGTH)
    draw = random.Random(20260915)
    for number in range(TAMPERINGS):
        act, spoiled, hold, named = tamper(draw, lines)
        rows.write_text("".join(spoiled))
        verdict = verify(head, links=read_links(rows))
        said = f"tampering {number}, {act} after {hold}: {verdict}"
        assert verdict.reason, said
        assert verdict.links == hold, said
        # A line that is no longer one of ours has no row to be named; it is named by its number.
        assert verdict.bad_row in named if named else (verdict.bad_row or f"line {hold + 1} " in verdict.reason), said


def test_the_file_holds_codes_and_digests_only(exported):
    content = json.loads(exported[0].read_text().splitlines()[0])["content"]
    assert set(content) == {
        "at", "county_id", "actor_id", "post_id", "kind", "target_type", "target_code", "details", "transaction_id",
    }  # fmt: skip
    assert "字" not in exported[0].read_text()


def run(*arguments):
    """The command in a process that has no database to ask."""
    environment = os.environ | {"HUYUAN_VAR": str(VAR), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "manage.py", "audit", "verify", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_the_command_walks_the_file_without_a_database(exported):
    rows, head = map(str, exported)
    assert run("--rows", rows, "--heads", head).stdout == f"the chain holds: {LENGTH} links\n"
    lines = Path(rows).read_text().splitlines(keepends=True)
    Path(rows).write_text("".join(lines[:7] + lines[8:]))
    refused = run("--rows", rows, "--heads", head, head)
    assert refused.returncode == 1
    assert (
        f"row {json.loads(lines[8])['row']}: link 8 of the chain is missing; 7 links before it hold" in refused.stderr
    )


def test_a_row_deleted_before_the_export_is_named_from_the_file(exported, cast):
    rows, _head = exported
    lines = rows.read_text().splitlines(keepends=True)
    gone = json.loads(lines[4]) | {"content": None}
    lines[4] = json.dumps(gone, ensure_ascii=False, separators=(",", ":")) + "\n"
    rows.write_text("".join(lines))
    verdict = verify(links=read_links(rows))
    assert verdict == Verdict(4, gone["row"], "the row was deleted after it was sealed")


def test_a_file_that_is_not_there_is_said(exported, tmp_path):
    missing = str(tmp_path / "nowhere.jsonl")
    for options in (["--rows", missing], ["--rows", str(exported[0]), "--heads", missing], ["--heads", missing]):
        with pytest.raises(CommandError, match="there is no file"):
            call_command("audit", "verify", *options, stdout=StringIO())


def test_a_line_that_cannot_be_read_has_no_row_to_be_named(exported):
    rows, _head = exported
    rows.write_text("not a link\n")
    with pytest.raises(CommandError, match=r"^line 1 of the file cannot be read; 0 links before it hold$"):
        call_command("audit", "verify", "--rows", str(rows), stdout=StringIO())
