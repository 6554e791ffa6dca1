"""What `make check` proves by itself is proved with the tests too: layers, words in both languages, drawn states."""

import subprocess
import sys
from pathlib import Path

from django.core.management import call_command

from huyuan.config import catalogue

ROOT = Path(__file__).resolve().parent.parent.parent


def test_imports_point_downwards_only():
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_sentence_is_said_in_both_languages():
    assert catalogue.problems() == []


def test_the_drawn_states_are_those_of_the_tables():
    call_command("diagrams", "--check")


def test_nothing_is_inline_in_a_template():
    for path in (ROOT / "huyuan").rglob("*.html"):
        text = path.read_text()
        for forbidden in (" style=", "<style", " onclick=", " onchange=", "javascript:"):
            assert forbidden not in text, f"{path}: {forbidden}"
        assert text.count("<script") == text.count("<script src=") + text.count(
            '<script type="module" src='
        ) + text.count("<script data-allauth-onload"), path
