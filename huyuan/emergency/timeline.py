"""The account of an incident for the file: handling timeline and activity log, in Chinese, in the order of the database."""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from huyuan.common.errors import Invalid
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.sheets.writing import SheetWriter
from huyuan.emergency.log_words import sentence_of
from huyuan.emergency.measuring import seconds_after
from huyuan.emergency.models import Incident, LogEntry
from huyuan.emergency.signs import Sign

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OURS = Path(__file__).parent / "papers"
SIGNS = {Sign.REAL: "【实警】", Sign.EXERCISE: "【演练】非真实警情", Sign.TEST: "【测试】非真实警情"}
NAMES = {"timeline": "处置经过时间线", "ics214": "活动记录（ICS 214 式）"}
SYSTEM = "系统"
COLUMNS = ("序号", "时间", "距报警", "事项", "记录人")
WIDTHS = (6, 21, 10, 70, 14)
# A control character would make a file that no word processor opens.
UNPRINTABLE = {code: None for code in range(32) if code not in (9, 10)}


@dataclass(frozen=True)
class Line:
    """One act: when, how long after the press, what, and who or what wrote it."""

    number: int
    at: str
    after: str
    text: str
    actor: str


@dataclass(frozen=True)
class Account:
    """An incident with every act in order."""

    incident: Incident
    sign: str
    lines: list[Line]

    def heads(self) -> list[tuple[str, str]]:
        """What stands above the acts."""
        incident = self.incident
        return [
            ("性质", self.sign),
            ("学校", incident.school.organisation.name),
            ("警情类别", incident.alarm.title.zh),
            ("地点", printable(incident.place) or "未注明"),
            ("报警时间", second(incident.opened_at)),
            ("解除时间", second(incident.cleared_at) if incident.cleared_at else "尚未解除"),
            ("结果", str(incident.get_outcome_display()) if incident.outcome else "处置中"),
            ("指挥单位", incident.command.name if incident.command else "未指定"),
            ("事件编号", str(incident.code)),
        ]


def account_of(incident: Incident) -> Account:
    """The whole log of an incident in words."""
    entries = incident.log.select_related("actor").order_by("pk")
    with translation.override(RECORD_LANGUAGE):
        lines = [
            Line(
                number,
                second(entry.at),
                after(seconds_after(incident, entry.at) or 0),
                printable(said(entry)),
                actor_of(entry),
            )
            for number, entry in enumerate(entries, 1)
        ]
        return Account(incident, SIGNS[Sign(incident.sign)], lines)


def said(entry: LogEntry) -> str:
    """An act as a sentence, with what was added in words."""
    return "：".join(part for part in (sentence_of(entry), entry.words.strip()) if part)


def printable(text: str) -> str:
    """What people typed, without signs that would spoil a file."""
    return text.translate(UNPRINTABLE)


def actor_of(entry: LogEntry) -> str:
    """Who did it, or the process that did."""
    return entry.actor.name if entry.actor else SYSTEM


def second(at: datetime) -> str:
    """A time to the second, as it is here."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def after(seconds: int) -> str:
    """How long after the press: minutes and seconds."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else '+'}{minutes:02d}:{rest:02d}"


def timeline_paper(account: Account, *, by: str, now: datetime) -> bytes:
    """The handling timeline as a paper."""
    return _filled("timeline", _words(account, by, now))


def activity_log(account: Account, *, by: str, now: datetime) -> bytes:
    """The activity log in the shape of ICS 214: who was there, and each notable act."""
    incident = account.incident
    calls = (
        incident.calls.filter(arrived_at__isnull=False).select_related("user", "organisation").order_by("arrived_at")
    )
    with translation.override(RECORD_LANGUAGE):
        people = [
            {
                "name": call.user.name if call.user else call.landline,
                "position": str(call.get_part_display()),
                "agency": call.organisation.name,
            }
            for call in calls
        ]
    words = _words(account, by, now) | {
        "name": f"{incident.school.organisation.name} {incident.alarm.title.zh}",
        "begins": second(incident.opened_at),
        "ends": second(incident.cleared_at) if incident.cleared_at else "尚未解除",
        "unit": incident.command.name if incident.command else "未指定",
        "leader": incident.cleared_by.name if incident.cleared_by else "未记录",
        "people": people,
    }
    return _filled("ics214", words)


def timeline_sheet(account: Account, *, by: str, now: datetime) -> bytes:
    """The handling timeline as a sheet, the sign on every page that is printed of it."""
    writer = SheetWriter()
    sheet = writer.sheet(NAMES["timeline"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f'&C&"SimHei"&14{account.sign} {NAMES["timeline"]}')
    sheet.set_footer(f"&L{_made(by, now).replace('&', '&&')}&R&P / &N")
    for row, (name, value) in enumerate(account.heads()):
        sheet.write_string(row, 0, name, writer.title)
        writer.cell(sheet, row, 1, value)
    top = len(account.heads()) + 1
    for column, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.write_string(top, column, title, writer.title)
        sheet.set_column(column, column, width)
    for row, line in enumerate(account.lines, top + 1):
        cells: tuple[int | str, ...] = (line.number, line.at, line.after, line.text, line.actor)
        for column, cell in enumerate(cells):
            writer.cell(sheet, row, column, cell)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 0)
    return writer.done()


def file_name(incident: Incident, form: str, kind: str) -> str:
    """What the file is called; an exercise says so in its name."""
    mark = "" if incident.sign == Sign.REAL else f"{SIGNS[Sign(incident.sign)][1:3]}-"
    day = timezone.localtime(incident.opened_at)
    return f"{mark}{NAMES[form]}-{incident.school.organisation.name}-{day:%Y%m%d-%H%M%S}.{kind}"


def _made(by: str, now: datetime) -> str:
    return f"{by} 于 {second(now)} 导出"


def _words(account: Account, by: str, now: datetime) -> dict[str, Any]:
    return {
        "sign": account.sign,
        "school": account.incident.school.organisation.name,
        "heads": [{"name": name, "value": value} for name, value in account.heads()],
        "lines": account.lines,
        "made": _made(by, now),
    }


def _filled(name: str, words: dict[str, Any]) -> bytes:
    """Fill the county's own template, else ours."""
    own: Path = settings.VAR / "papers" / f"{name}.docx"
    paper = DocxTemplate(own if own.exists() else OURS / f"{name}.docx")
    try:
        paper.render(words, autoescape=True)
    except (TemplateError, ValueError) as error:
        raise Invalid(
            _("The paper's template %(name)s cannot be used: %(reason)s") % {"name": f"{name}.docx", "reason": error}
        ) from error
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
