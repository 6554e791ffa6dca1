"""The four levels of Chinese official numbering: 一、 then （一） then 1. then （1）."""

import re
from dataclasses import dataclass

DIGITS = "零一二三四五六七八九"
LONGEST_FIGURE = 4
NUMERAL_LEVELS = 2
UNITS = ((100, "百"), (10, "十"))
NUMERAL = "[零〇一二两三四五六七八九十百]+"
FIGURE = "[0-9０-９]+"
SPACE = r"[ \t\u3000\u00a0]*"
# A figure before a point is a number of the third level, unless the point is that of a decimal or a date.
MARKERS = tuple(
    re.compile(SPACE + form)
    for form in (
        rf"(?P<marker>(?P<number>{NUMERAL})、)",
        rf"(?P<marker>[（(]{SPACE}(?P<number>{NUMERAL}){SPACE}[）)])",
        rf"(?P<marker>(?P<number>{FIGURE})(?:[.．](?![0-9０-９])|[.．](?=[0-9]{{4}}年)|、))",
        rf"(?P<marker>[（(]{SPACE}(?P<number>{FIGURE}){SPACE}[）)])",
    )
)
# A line that names an annex, and nothing else or what follows a colon.
ANNEX = re.compile(rf"{SPACE}附{SPACE}件{SPACE}(?:{FIGURE}|{NUMERAL})?{SPACE}(?:[:：].*)?\r?\n?$")
FORMS = ("{}、", "（{}）", "{}.", "（{}）")


@dataclass(frozen=True)
class Marker:
    """A number at the start of a line; `end` is how many characters of the line it takes."""

    level: int
    value: int
    written: str
    end: int


def chinese(number: int) -> str:
    """A number below a thousand in Chinese numerals, as official papers count: 十, 二十一, 一百零三."""
    written, rest, gap = "", number, False
    for unit, sign in UNITS:
        count, rest = divmod(rest, unit)
        if count:
            tens = unit == 10 and count == 1 and not written
            written += ("零" if gap else "") + ("" if tens else DIGITS[count]) + sign
        gap = bool(written) and not count and bool(rest)
    return written + ("零" if gap else "") + (DIGITS[rest] if rest or not written else "")


NUMERALS = {chinese(number): number for number in range(1000)}


def marker_of(line: str) -> Marker | None:
    """The number a line begins with, if it begins with one."""
    for level, form in enumerate(MARKERS, start=1):
        found = form.match(line)
        value = value_of(found["number"]) if found else None
        if found and value is not None:
            return Marker(level, value, found["marker"], found.end())
    return None


def value_of(written: str) -> int | None:
    """The number that numerals or figures mean."""
    if written.isdecimal():
        return int(written) if len(written) <= LONGEST_FIGURE else None
    plain = written.replace("〇", "零").replace("两", "二")
    return NUMERALS.get(plain.removeprefix("一") if plain.startswith("一十") else plain)


def sign_of(level: int, value: int) -> str:
    """A number as it should be written on its level."""
    return FORMS[level - 1].format(chinese(value) if level <= NUMERAL_LEVELS else value)
