"""What a table is about: its fields, the titles each may stand under, and how a cell of it is read."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from huyuan.common.sheets.cells import Parser, tidy
from huyuan.common.sheets.problems import Sentence

# Signs that titles are decorated with; they never tell two titles apart.
DECORATION = re.compile(r"[\s*※★☆:,。、.;/\\|_“”\"'‘’—\-?!#()\[\]{}<>〔〕【】《》「」]+")
ASIDE = re.compile(r"[(\[{〔【][^()\[\]{}〔〕【】]*[)\]}〕】]")
FOOTNOTE = re.compile(r"[①-⑳²³¹⁰-⁹]+")
# What may stand in brackets without changing what the column holds: units, how to fill it in, the map, the day.
HARMLESS = re.compile(
    r"(?:单位)?(?:人|名|个|所|辆|位|台|间|人数|persons?|people)|(?:填|写|填写|请填写?)?(?:学校|单位)?(?:规范)?[全简]称|盖章|公章|登录用|100%|\d+位(?:数字?|码)?|必填项?|选填"
    r"|[有是](?:的|请)?[打填划]?[√y1]?(?:[无否没未](?:有|的)?[打填划]?[×xn0]?)?|[打填划]?[√×]*|yesno|yn"
    r"|(?:gcj0?2|bd0?9|wgs84|cgcs2000|高德|百度|腾讯|天地图)(?:地图)?(?:坐标系?)?|[东西南北][经纬]|经纬度|度|小数|十进制|en?"
    r"|(?:截至|截止)?\d{4}(?:学?年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?",
)
# Headings of whole groups; any other heading says something about the columns below it.
NEUTRAL = re.compile(
    r"(?:学校|校园|单位|园所|人员|教职工|机构|基本|安全|安防|防范|保卫|综合|主要|其他|其它|相关|联系|管理|建设|落实|工作|情况|信息|概况|资料"
    r"|数据|统计|指标|项目|人防|物防|技防|三防|四个|百分百|100%?|规模|方式|地理|位置|坐标|汇总|学生情况|在校生情况|[及和与一二三四五六]"
    r"|general|basic|contact|school|safety|security|details?|information|data|location|measures)+"
)
# The number before a title: 1. or (1).
NUMBERED = re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}[.、)])\s*")
UNIT_AFTER = re.compile(r"/(?:人|名|个|所)$")


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
    # What stands in columns without a field is kept beside the record by whoever reads the table.
    keeps_unknown: bool = False
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
    """A title without its number, decoration and marks; what stands in brackets stays."""
    bare = UNIT_AFTER.sub("", NUMBERED.sub("", tidy(title)))
    return FOOTNOTE.sub("", DECORATION.sub("", bare)).lower().removeprefix("其中")


def title_forms(titles: list[str]) -> list[str]:
    """The ways to understand a title and those above it, the most exact first."""
    forms = []
    for start in range(len(titles)):
        if start and not NEUTRAL.fullmatch(title_key(titles[start - 1])):
            break
        tail = titles[start:]
        forms.append("".join(map(title_key, tail)))
        forms.append("".join(title_key(ASIDE.sub(_harmful, tidy(title))) for title in tail))
    return [form for form in dict.fromkeys(forms) if form]


def _harmful(aside: re.Match[str]) -> str:
    """Nothing for brackets that change nothing, otherwise the brackets as they are."""
    return "" if HARMLESS.fullmatch(title_key(aside[0])) else aside[0]
