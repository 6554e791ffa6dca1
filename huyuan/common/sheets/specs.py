"""What a table is about: its fields, the titles each may stand under, and how a cell of it is read."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from huyuan.common.sheets.cells import Parser, tidy
from huyuan.common.sheets.problems import Sentence

# Signs that titles are decorated with; they never tell two titles apart.
DECORATION = re.compile(r"[\s*※★☆:,。、.;/\\|_“”\"'‘’—\-?!#()\[\]{}<>〔〕【】《》「」]+")
ASIDE = re.compile(r"[(\[{〔【][^()\[\]{}〔〕【】]*[)\]}〕】]")
# Words in brackets that change what the column counts, so the brackets must not be dropped.
QUALIFIER = re.compile(
    r"男|女|其中|寄宿|住宿|住校|兼职|专职|专任|电话|手机|姓名|male|female|board|phone|name", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class SheetField:
    """One field: `patterns` are regular expressions for its titles, the best first; `examples` are shown to people."""

    name: str
    title: Sentence
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    parse: Parser
    column_needed: bool = False
    # Columns that together stand in for this one.
    instead: tuple[str, ...] = ()
    needed: bool = False
    blank: object = None
    hint: Sentence = ""
    choices: tuple[Sentence, ...] = ()
    # A merged cell of this column speaks for all the rows it covers (a town beside its schools).
    spans_rows: bool = False
    # Two columns of this kind do no harm (remarks); the first is read.
    may_repeat: bool = False

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, ready to be matched against a title's key."""
        return tuple(re.compile(pattern) for pattern in self.patterns)


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    """A table that can be read and written; `anchor` is the field that says what a row is about."""

    title: Sentence
    fields: tuple[SheetField, ...]
    anchor: str
    _known: dict[str, tuple[str, int] | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_name(self) -> dict[str, SheetField]:
        """The fields under their names."""
        return {one.name: one for one in self.fields}

    def field_under(self, titles: list[str]) -> tuple[str, int] | None:
        """The field that a column belongs to, and how well its title fits (0 is best)."""
        for form in title_forms(titles):
            if form not in self._known:
                self._known[form] = self._match(form)
            if found := self._known[form]:
                return found
        return None

    def _match(self, form: str) -> tuple[str, int] | None:
        for one in self.fields:
            for rank, pattern in enumerate(one.compiled):
                if pattern.fullmatch(form):
                    return one.name, rank
        return None


def title_key(title: str) -> str:
    """A title without decoration; what stands in brackets stays."""
    return DECORATION.sub("", tidy(title)).lower().removeprefix("其中")


def title_forms(titles: list[str]) -> list[str]:
    """The ways to understand a title and those above it, the most exact first."""
    forms = []
    for start in range(len(titles)):
        tail = titles[start:]
        forms.append("".join(map(title_key, tail)))
        bare = [ASIDE.sub("", tidy(title)) for title in tail]
        if not any(QUALIFIER.search(aside) for title in tail for aside in ASIDE.findall(tidy(title))):
            forms.append("".join(map(title_key, bare)))
    return [form for form in dict.fromkeys(forms) if form]
