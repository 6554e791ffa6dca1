"""Reading single cells the way people fill them in; what cannot be understood is a problem, never a guess."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.problems import CellProblem, Sentence, say
from huyuan.common.sheets.workbook import Cell

Parser = Callable[[Cell], object]

NOTHING = frozenset({"", "/", "\\", "-", "--", "—", "——", "–", "无", "没有", "none", "n/a", "nil"})
# Beside a figure these mean that nobody knows it; instead of a name they are none.
UNSAID = NOTHING | {"暂无", "不详", "未知", "待定", "未填", "空", "unknown"}
SPACES = re.compile(r"\s+")
# A name broken over two lines of its cell is one word.
BROKEN = re.compile(r"(?<=[\u3400-\u9fff])\s*[\r\n]+\s*(?=[\u3400-\u9fff])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)? ?(?:人|名|个|辆|位|所|台|间|岁|persons?|people)?")
DECIMAL = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?")
YES = frozenset(
    [
        "√",
        "✓",
        "✔",
        "☑",
        "✅",
        "是",
        "有",
        "对",
        "y",
        "yes",
        "true",
        "1",
        "t",
        "已",
        "已完成",
        "完成",
        "达标",
        "已达标",
        "已建",
        "已建成",
        "已建立",
        "已安装",
        "已联网",
        "联网",
        "已设立",
        "已设置",
        "已配备",
        "已实现",
        "已落实",
        "合格",
    ]
)
NO = frozenset(
    [
        "×",
        "✗",
        "✕",
        "✖",
        "✘",
        "☒",
        "❌",
        "☐",
        "否",
        "无",
        "没有",
        "未",
        "n",
        "no",
        "false",
        "0",
        "f",
        "未完成",
        "不达标",
        "未达标",
        "未建",
        "未建成",
        "未建立",
        "未安装",
        "未联网",
        "没联网",
        "未设立",
        "未设置",
        "未配备",
        "未实现",
        "未落实",
        "不合格",
    ]
)
NOT_DECLARED = frozenset({"", "/", "\\", "-", "--", "—", "——", "–"})
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-8]\d{6,7}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
POINT_ZERO = re.compile(r"(?<=\d)\.0+$")
CODE = re.compile(r"\d{10}")
TOO_LONG = _("This has %(count)s characters; at most %(most)s fit.")


@lru_cache(maxsize=20_000)
def tidy(text: str) -> str:
    """Half width, no invisible characters, single spaces; marks of footnotes stay what they are."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFKC", text):
        return text.strip()
    parts = (
        "".join(part) if is_mark else unicodedata.normalize("NFKC", "".join(part))
        for is_mark, part in groupby(text, _is_mark)
    )
    return SPACES.sub(" ", CONTROL.sub("", BROKEN.sub("", "".join(parts)))).strip()


def _is_mark(sign: str) -> bool:
    """True for ① and ², which point to a footnote and must not become digits."""
    return unicodedata.category(sign) == "No"


def is_marked(text: str) -> bool:
    """True when a text points to a footnote."""
    return any(map(_is_mark, text))


def shown(value: Cell) -> str:
    """The cell as a person sees it in the sheet."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return str(value)


def text(longest: int) -> Parser:
    """Text of at most so many characters; None for the ways of saying none."""

    def parse(value: Cell) -> str | None:
        said = tidy(value) if type(value) is str else shown(value)
        if len(said) > longest:
            raise CellProblem(say(TOO_LONG, count=len(said), most=longest))
        return None if said.lower() in UNSAID else said

    return parse


def whole_number(most: int) -> Parser:
    """A number of things, 0 or more; None for the ways of saying none."""

    def parse(value: Cell) -> int | None:
        number = _counted(value) if type(value) is str else _typed_number(value)
        if number is not None and number > most:
            raise CellProblem(say(_("%(value)s is more than this can be. Check the figure."), value=shown(value)))
        return number

    return parse


def _typed_number(value: Cell) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellProblem(say(_("“%(value)s” is not a number. Write digits only, such as 300."), value=shown(value)))
    if value < 0:
        raise CellProblem(say(_("%(value)s is below zero. Check the figure."), value=shown(value)))
    if value != int(value):
        raise CellProblem(say(_("%(value)s is not a whole number. Check the figure."), value=shown(value)))
    return int(value)


def _counted(value: str) -> int | None:
    if value.isascii() and value.isdigit():
        return int(value[:15])
    said = tidy(value).lower()
    if said in NOTHING:
        return None
    found = NUMBER.fullmatch(said)
    if found is None:
        if DECIMAL.fullmatch(said):
            return _typed_number(float(said))
        raise CellProblem(say(_("“%(value)s” is not a number. Write digits only, such as 300."), value=tidy(value)))
    return int(found[1].replace(",", "")[:15])


def yes_no(value: Cell) -> bool | None:
    """Yes or no in any of its usual spellings; None where nothing is declared."""
    if isinstance(value, bool):
        return value
    said = POINT_ZERO.sub("", shown(value).lower())
    if said in YES:
        return True
    if said in NO:
        return False
    if said in NOT_DECLARED:
        return None
    raise CellProblem(say(_("“%(value)s” is neither yes nor no. Write 是 or 否."), value=shown(value)))


def phone(value: Cell) -> str | None:
    """A mobile number, or a landline with or without its area code."""
    said = shown(value).replace(" ", "").replace("—", "-").replace("(", "").replace(")", "-")
    if said in UNSAID:
        return None
    if mobile := MOBILE.fullmatch(said.replace("-", "")):
        return mobile[1]
    if not isinstance(value, str) and len(said) in (9, 10, 11):
        raise CellProblem(
            say(_("%(value)s lacks its leading 0, as a landline typed as a number does. Type it as text."), value=said)
        )
    if LANDLINE.fullmatch(said):
        return said
    raise CellProblem(
        say(
            _("“%(value)s” is no phone number. A mobile number has 11 digits, a landline looks like 0791-8618479."),
            value=said,
        )
    )


def code(value: Cell) -> str | None:
    """A school's 10-digit code, however it was typed."""
    said = POINT_ZERO.sub("", shown(value).replace(" ", "").lstrip("'"))
    if said in NOTHING:
        return None
    if not CODE.fullmatch(said):
        raise CellProblem(say(_("“%(value)s” is no school code: it has 10 digits and nothing else."), value=said))
    return said


def choice(aliases: Mapping[str, object], offered: str) -> Parser:
    """One of a few things, by any of its names; the names offered are said when none fits."""
    known = {plain(name): meaning for name, meaning in aliases.items()}

    def parse(value: Cell) -> object:
        said = plain(shown(value))
        if said in NOTHING:
            return None
        if said in known:
            return known[said]
        raise CellProblem(not_known(shown(value), get_close_matches(said, known, n=1), offered))

    return parse


def not_known(value: str, near: list[str], offered: str) -> Sentence:
    """The sentence for a name that is none of those known, with the likely one."""
    if near:
        return say(
            _("“%(value)s” is not one of: %(offered)s. Is “%(near)s” meant?"),
            value=value,
            offered=offered,
            near=near[0],
        )
    return say(_("“%(value)s” is not one of: %(offered)s."), value=value, offered=offered)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A name without what never tells two things apart: width, case, spaces."""
    return SPACES.sub("", tidy(text)).lower()
