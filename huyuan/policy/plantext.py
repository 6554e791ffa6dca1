"""The text of a plan, read by Chinese official numbering into its clause tree, without losing a character."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from huyuan.common.errors import Invalid
from huyuan.policy.numbering import ANNEX, Marker, marker_of, sign_of
from huyuan.policy.wordtext import read_word

MOST_BYTES = 5 * 1024 * 1024
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"
# No text editor writes these; bytes of anything else hold them soon.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
MOST_CLAUSES = 2_000
LONGEST_TITLE = 40
ENDS = "。；;"
PAIRS = {"（": "）", "(": ")", "《": "》", "「": "」", "『": "』", "“": "”", "‘": "’", '"': '"', "'": "'"}
CLOSERS = {"）": "）", ")": "）", "》": "》", "」": "」", "』": "』", "”": "”", "’": "’", '"': '"', "'": "'"}


@dataclass(frozen=True)
class Clause:
    """One clause: `text` is its own text up to the next clause, marker and line ends included."""

    number: str
    parent: str | None
    level: int
    marker: str
    title: str
    text: str


@dataclass(frozen=True)
class PlanText:
    """A plan as its clauses; `preamble` is all that stands before the first."""

    preamble: str
    clauses: tuple[Clause, ...]


def read_plan(source: Path | bytes, name: str) -> str:
    """The text of a plan file (.txt in UTF-8 or GB18030, or .docx); raises Invalid where it cannot be read."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MOST_BYTES:
        raise Invalid(
            _("%(name)s is larger than 5 MB. Import the plan's text alone, without pictures.") % {"name": name}
        )
    content = source if isinstance(source, bytes) else source.read_bytes()
    if content.startswith(ZIP):
        return read_word(content, name)
    if content.startswith(OLE):
        raise Invalid(
            _("%(name)s is a Word file of the old kind, or has a password. Save it as .docx without a password.")
            % {"name": name}
        )
    if content.startswith(PDF):
        raise Invalid(_("%(name)s is a PDF. Import the plan as .docx or .txt.") % {"name": name})
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(text):
            return text
    raise Invalid(_("%(name)s is no text. Import the plan as .docx, or as .txt in UTF-8 or GB18030.") % {"name": name})


def parse_plan(text: str) -> PlanText:
    """Read a plan into its clause tree; raises Invalid with the line where its numbering goes wrong."""
    if not text.strip():
        raise Invalid(_("The file is empty."))
    lines = list(io.StringIO(text, newline=""))
    markers = list(islice(_markers(lines), MOST_CLAUSES + 1))
    if not markers:
        raise Invalid(
            _(
                "The text has no numbering: no line begins with a number such as 一、 （一） 1. or （1）. Number its clauses."
            )
        )
    if len(markers) > MOST_CLAUSES:
        raise Invalid(
            _("The text has more than %(most)d clauses. Import the plan alone, without its annexes.")
            % {"most": MOST_CLAUSES}
        )
    starts = [at - 1 for at, _marker in markers]
    clauses = tuple(
        _clause(marker, number, "".join(lines[start:end]))
        for (_at, marker), number, start, end in zip(
            markers, _numbers(markers), starts, [*starts[1:], len(lines)], strict=True
        )
    )
    return PlanText("".join(lines[: starts[0]]), clauses)


def passages(text: str) -> list[str]:
    """The sentence parts of a clause's own text after its heading, split at 。 and ； outside brackets and quotes.

    A clause below the first level that is a single sentence has no heading apart from it: the sentence is its passage.
    """
    lines = list(io.StringIO(text, newline=""))
    annex = next((at for at, line in enumerate(lines) if ANNEX.match(line)), len(lines))
    own = "".join(lines[:annex])
    marker = marker_of(own)
    body = own[marker.end :] if marker else own
    heading = _heading(body, marker.level) if marker else ""
    parts = list(_parts(body[len(heading) :]))
    if not parts and marker and marker.level > 1 and heading.strip()[-1:] in ENDS:
        parts = list(_parts(heading))
    return parts


def _markers(lines: list[str]) -> Iterator[tuple[int, Marker]]:
    """The numbers at the start of lines, as far as the plan itself goes: annexes after it count anew."""
    begun = False
    for at, line in enumerate(lines, start=1):
        if begun and ANNEX.match(line):
            return
        found = marker_of(line)
        if found:
            begun = True
            yield at, found


def _numbers(markers: list[tuple[int, Marker]]) -> list[str]:
    """Each clause's number from the numbers above it; raises Invalid where they do not follow each other."""
    path: list[tuple[int, Marker]] = []
    # The line of every number under the same parent, by level; deeper levels are forgotten with their parent.
    seen: dict[int, dict[int, int]] = {}
    numbers = []
    for at, marker in markers:
        _check_level(at, marker, path)
        seen = {level: values for level, values in seen.items() if level <= marker.level}
        values = seen.setdefault(marker.level, {})
        _check_order(at, marker, values)
        values[marker.value] = at
        path = [*path[: marker.level - 1], (at, marker)]
        numbers.append(".".join(str(one.value) for _at, one in path))
    return numbers


def _check_level(at: int, marker: Marker, path: list[tuple[int, Marker]]) -> None:
    """Refuse a number whose level stands more than one below what it follows."""
    if marker.level <= len(path) + 1:
        return
    words = {"line": at, "marker": marker.written, "missing": sign_of(len(path) + 1, 1)}
    if not path:
        raise Invalid(
            _("Line %(line)d: the numbering begins with “%(marker)s”; a “%(missing)s” is missing before it.") % words
        )
    former_at, former = path[-1]
    raise Invalid(
        _(
            "Line %(line)d: “%(marker)s” follows directly on “%(former)s” of line %(former_line)d; a “%(missing)s” is missing between them."
        )
        % {**words, "former": former.written, "former_line": former_at}
    )


def _check_order(at: int, marker: Marker, seen: dict[int, int]) -> None:
    """Refuse a number that stands there already, or that is not the next one."""
    expected = len(seen) + 1
    words = {"line": at, "marker": marker.written, "expected": sign_of(marker.level, expected)}
    if marker.value in seen:
        raise Invalid(
            _(
                "Line %(line)d: “%(marker)s” stands here a second time, first in line %(first)d. Two clauses cannot have one number."
            )
            % {**words, "first": seen[marker.value]}
        )
    if marker.value != expected and not seen:
        raise Invalid(
            _("Line %(line)d: the numbers of this level begin with “%(marker)s”; “%(expected)s” was expected.") % words
        )
    if marker.value != expected:
        raise Invalid(
            _("Line %(line)d: after “%(former)s” comes “%(marker)s”; “%(expected)s” was expected.")
            % {**words, "former": sign_of(marker.level, expected - 1)}
        )


def _clause(marker: Marker, number: str, text: str) -> Clause:
    """A clause with its heading."""
    heading = _heading(text[marker.end :], marker.level).strip()
    parent = number.rpartition(".")[0] or None
    return Clause(number, parent, marker.level, marker.written, heading.rstrip(ENDS + ":：，,"), text)


def _heading(body: str, level: int) -> str:
    """The heading with its end mark: on the first level the line, else the words up to the first 。 if they are few."""
    line = io.StringIO(body, newline="").readline()
    ends = [end for end in _ends(line) if line[end - 1] == "。"]
    heading = line[: ends[0]] if ends else line
    if level == 1 and not line[len(heading) :].strip():
        return line
    return heading if len(heading.strip().rstrip(ENDS)) <= LONGEST_TITLE else ""


def _parts(text: str) -> Iterator[str]:
    """The sentence parts of a text, each with its end mark."""
    start = 0
    for end in [*_ends(text), len(text)]:
        if text[start:end].strip():
            yield text[start:end].strip()
        start = end


def _ends(text: str) -> Iterator[int]:
    """Where sentence parts end: after 。 and ； outside brackets and quotes.

    A bracket that is never closed encloses nothing.
    """
    last = {closer: at for at, sign in enumerate(text) if (closer := CLOSERS.get(sign))}
    open_: list[str] = []
    for at, sign in enumerate(text):
        closer = CLOSERS.get(sign)
        if open_ and closer == open_[-1]:
            open_.pop()
        elif sign in PAIRS and last.get(CLOSERS[PAIRS[sign]], -1) > at:
            open_.append(CLOSERS[PAIRS[sign]])
        elif sign in ENDS and not open_:
            yield at + 1
