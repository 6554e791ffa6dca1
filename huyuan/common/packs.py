"""Packs: rules as YAML data, versioned and dated, in words of both languages, read with file, line and reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Strict(BaseModel):
    """A part of a pack: nothing in it that is not known, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages of the product."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (translation.get_language() or "").startswith("en") else self.zh


class Dated(Strict):
    """What a pack says in one version: from when, after which source, and whether somebody has confirmed it."""

    code: str
    version: int = Field(ge=1)
    effective_from: date
    confirmed: bool
    title: Text
    source: Text


class Edition(Dated):
    """The rules of some counties in one version; without counties it is the default of all others."""

    counties: tuple[str, ...] = ()


Rules = TypeVar("Rules", bound=Edition)


def ruling(editions: Iterable[Rules], adcode: str, today: date, *, folder: str) -> Rules:
    """The rules in force in a county: its own newest, else the newest default; raises LookupError where there are none."""
    in_force = [one for one in editions if one.effective_from <= today]
    fitting = [one for one in in_force if adcode in one.counties] or [one for one in in_force if not one.counties]
    if not fitting:
        raise LookupError(f"packs/{folder}: no rules are in force; a file without counties is the default of all")
    return max(fitting, key=lambda one: one.version)


@dataclass(frozen=True, order=True)
class PackProblem:
    """What is wrong in a pack, and where."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class PackError(Exception):
    """A pack cannot be used: names the file, the line and the reason of every problem."""

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = sorted(problems)


Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
Found = tuple[Place, str]
"""A place in a pack, as keys and positions from the top, and what is wrong there."""

SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "invalid_key": "a name here is read as something else than text; put it between quotation marks",
    "model_type": "must be names with values (name: value), one a line",
    "dict_type": "must be names with values (name: value), one a line",
    "tuple_type": "must be a list",
    "string_type": "{input} is no text; put it between quotation marks",
    "string_pattern_mismatch": "{input} is not written as this is written, which is {pattern}",
    "bool_type": "{input} is neither true nor false",
    "bool_parsing": "{input} is neither true nor false",
    "int_type": "{input} is no whole number",
    "int_parsing": "{input} is no whole number",
    "date_type": "{input} is no date; write it as 2026-09-01",
    "date_from_datetime_parsing": "{input} is no date; write it as 2026-09-01",
    "greater_than_equal": "{input} is less than {ge}",
    "less_than_equal": "{input} is more than {le}",
}


class Source:
    """A pack as it is written: its data, and the line of every part of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = shown(path)
        self.root: yaml.Node | None = None
        self.data = self._read()
        self.twice = [PackProblem(self.file, line, reason) for line, reason in _twice(self.root)]

    def _read(self) -> Any:
        """The data, when the file can be read at all."""
        try:
            loader = yaml.SafeLoader(self.path.read_text(encoding="utf-8"))
            self.root = loader.get_single_node()
            return loader.construct_document(self.root) if self.root else None
        except OSError as error:
            raise self._unreadable(1, "there is no such file, or it may not be read") from error
        except UnicodeDecodeError as error:
            raise self._unreadable(1, "the file is not written in UTF-8") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self._unreadable(mark.line + 1 if mark else 1, f"this is no YAML: {error.problem}") from error
        except yaml.YAMLError as error:
            raise self._unreadable(1, f"this is no YAML: {error}") from error
        except ValueError as error:
            # PyYAML makes dates itself, and a thirteenth month ends there.
            raise self._unreadable(self._impossible(), f"this date does not exist: {error}") from error

    def _unreadable(self, line: int, reason: str) -> PackError:
        return PackError([PackProblem(self.file, line, reason)])

    def _impossible(self) -> int:
        """The line of the first value that looks like a date and is none."""
        for node in _nodes(self.root):
            if node.tag == "tag:yaml.org,2002:timestamp":
                try:
                    yaml.safe_load(node.value)
                except ValueError:
                    return int(node.start_mark.line) + 1
        return 1

    def line(self, place: Place) -> int:
        """The line where a place begins; of what is missing, the line where it is missing."""
        node, mark = self.root, self.root.start_mark if self.root else None
        for step in place:
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                mark = node.start_mark
            elif isinstance(node, yaml.MappingNode):
                named = next((pair for pair in node.value if pair[0].value == str(step)), None)
                if named is None:
                    break
                mark, node = named[0].start_mark, named[1]
            else:
                break
        return mark.line + 1 if mark else 1

    def problems(self, found: Iterable[Found]) -> list[PackProblem]:
        """What was found, with its lines, and what stands twice."""
        return [*self.twice, *(PackProblem(self.file, self.line(place), reason) for place, reason in found)]


def read_pack(path: Path, model: type[Model], check: Callable[[Model], Iterable[Found]] = lambda _pack: ()) -> Model:
    """Read one pack and check it; raises PackError with all its problems."""
    source = Source(path)
    try:
        pack = model.model_validate(source.data)
    except ValidationError as error:
        raise PackError(source.problems(misfits(error))) from error
    problems = source.problems(check(pack))
    if problems:
        raise PackError(problems)
    return pack


Check = Callable[[Mapping[Path, Any]], list[PackProblem]]


@dataclass(frozen=True)
class Reader:
    """How the packs of one folder are read, and what is checked over all of them together."""

    read: Callable[[Path], Any]
    together: Check


READERS: dict[str, Reader] = {}


def register_reader(folder: str, read: Callable[[Path], Any], together: Check = lambda _packs: []) -> None:
    """Let the packs of a folder be checked: `read` raises PackError, `together` looks over all that could be read."""
    READERS[folder] = Reader(read, together)


def packs_in(folder: str) -> list[Path]:
    """The packs of one kind, in the order of their names."""
    return sorted((settings.PACKS / folder).glob("*.yaml"))


def check_versions(packs: Mapping[Path, Any]) -> list[PackProblem]:
    """Versions of one code that cannot follow each other: twice the same, or a later one in force no later."""
    ordered = sorted(packs.items(), key=lambda one: (one[1].code, one[1].version, one[0]))
    problems = []
    for (former_path, former), (path, pack) in pairwise(ordered):
        if former.code != pack.code:
            continue
        if former.version == pack.version:
            field, reason = "version", f"{pack.code} has its version {pack.version} in {shown(former_path)} already"
        elif former.effective_from >= pack.effective_from:
            field = "effective_from"
            reason = (
                f"overlapping versions: version {pack.version} must come into force after version {former.version}, "
                f"which does so on {former.effective_from} ({shown(former_path)})"
            )
        else:
            continue
        problems.append(PackProblem(shown(path), Source(path).line((field,)), reason))
    return problems


def read_all(folder: str, paths: Sequence[Path]) -> tuple[dict[Path, Any], list[PackProblem]]:
    """The packs of one kind that can be read, and the problems of all."""
    reader, packs, problems = READERS[folder], {}, []
    for path in paths:
        try:
            packs[path] = reader.read(path)
        except PackError as error:
            problems += error.problems
    return packs, sorted([*problems, *reader.together(packs)])


def misfits(error: ValidationError, at: Place = ()) -> list[Found]:
    """What pydantic refused, as places and sentences."""
    return [((*at, *one["loc"]), f"{_name((*at, *one['loc']))}{_sentence(one)}") for one in error.errors()]


def _name(place: Place) -> str:
    """The last names of a place, as in `period.rhythm: `."""
    names: list[str] = []
    for step in reversed(place):
        if isinstance(step, int):
            break
        names.insert(0, step)
    return f"{'.'.join(names)}: " if names else ""


def _sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with one value."""
    value, context = error["input"], error.get("ctx", {})
    given = f'"{value}"' if isinstance(value, str) else str(value)
    if error["type"] == "enum":
        return f"{given} is not one of {context['expected'].replace(' or ', ', ').replace(chr(39), '')}"
    if error["type"] in SENTENCES:
        return SENTENCES[error["type"]].format(input=given, **context)
    return str(error["msg"])


def _twice(root: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Names that stand twice in one mapping, of which YAML would keep the last without a word."""
    for node in _nodes(root):
        if isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, _value in node.value:
                line = int(key.start_mark.line) + 1
                if str(key.value) in first:
                    yield line, f"{key.value} stands here a second time, first in line {first[str(key.value)]}"
                first.setdefault(str(key.value), line)


def _nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node once, in the order of the file as far as an anchor allows."""
    seen: set[int] = set()
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(reversed(node.value))
        elif isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in reversed(node.value) for part in reversed(pair))


def shown(path: Path) -> str:
    """A file as it is named to people: from the installation's folder on where it lies in there."""
    home = settings.PACKS.parent
    return path.resolve().relative_to(home).as_posix() if path.resolve().is_relative_to(home) else str(path)
