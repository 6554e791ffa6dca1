"""Which rows of a table are records, and which only look like it."""

import re
from itertools import pairwise

from huyuan.common.sheets.cells import plain, tidy
from huyuan.common.sheets.workbook import Cell

SUBTOTAL = re.compile(
    r".{0,20}(?:小计|合计|总计|共计|累计|总数)(?:[(:]*\d+[所个人校园]\)?)?:?|(?:sub|grand)?[ -]?totals?:?",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:备?注|说明|附注|注意|审核|填表|制表|填报|统计|报送|复核|负责|主管|分管|联系|日期|时间|盖章|签字|签名)"
    r"(?:说明|事项|人|员|单位|部门|领导|时间|日期|电话|意见|签字|盖章|范围|口径|负责人)*(?:[\s:(.、]|\d|$)"
    r"|单位负责人|单位[(]?盖章|第.{1,4}页|共.{1,4}页|(?:notes?|remarks?|prepared|checked|signed)\b|page \d",
    re.IGNORECASE,
)
BLANK_BELOW = re.compile(r"[((]?以下(?:为)?空白[))]?|\(?(?:blankbelow|endoftable)\)?", re.IGNORECASE)
SECTION = re.compile(
    r"[((]?[一二三四五六七八九十]{1,3}[))、..].{0,40}|第[一二三四五六七八九十]{1,3}(?:部分|片区|组).{0,40}"
)
COLUMN_LETTERS = frozenset("甲乙丙丁戊己庚辛壬癸")
# A lone text longer than this is a sentence, not a name.
LONGEST_NAME = 40


def is_blank(cells: list[Cell]) -> bool:
    """True when nothing can be seen in the row."""
    return not any(cell != "" and not (isinstance(cell, str) and not cell.strip()) for cell in cells)


def kind_of(cells: list[Cell], anchor: Cell, filled: int) -> str | None:
    """`subtotal` or `note` for a row that is no record; `filled` counts its cells under known titles."""
    names_something = isinstance(anchor, str) and not anchor.isspace() and anchor != ""
    if (not names_something or _says(SUBTOTAL, anchor)) and any(_says(SUBTOTAL, cell) for cell in cells):
        return "subtotal"
    if filled == 0 or _says(BLANK_BELOW, next(cell for cell in cells if cell != "")):
        return "note"
    lone = tidy(anchor) if names_something else _first_text(cells)
    if filled == 1 and lone and (NOTE.match(lone) or SECTION.fullmatch(lone) or len(lone) > LONGEST_NAME):
        return "note"
    return "header" if numbers_columns(cells) else None


def _first_text(cells: list[Cell]) -> str:
    return next((tidy(cell) for cell in cells if isinstance(cell, str) and not cell.isspace() and cell), "")


def _says(words: re.Pattern[str], cell: Cell) -> bool:
    return isinstance(cell, str) and words.fullmatch(plain(cell)) is not None


def numbers_columns(cells: list[Cell]) -> bool:
    """True for the line 甲 乙 1 2 3 … below the titles of statistical forms."""
    said = [tidy(str(cell)) for cell in cells if cell != ""]
    figures = [int(float(one)) for one in said if one not in COLUMN_LETTERS and re.fullmatch(r"\d{1,3}(?:\.0)?", one)]
    in_order = all(later == earlier + 1 for earlier, later in pairwise(figures))
    letters = sum(one in COLUMN_LETTERS for one in said)
    return len(said) >= 3 and len(figures) + letters == len(said) and in_order
