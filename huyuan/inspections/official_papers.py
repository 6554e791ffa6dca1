"""The notice as a DOCX that looks like an official paper; in Chinese whatever the reader's language."""

import io
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from huyuan.common.errors import Invalid
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.inspections.models import NoticeItem, RectificationNotice

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OURS = Path(__file__).parent / "papers"
NAMES = {"education": "校园安全隐患整改通知书", "police": "责令限期整改治安隐患通知书"}
STOPS = "。；;，,. "


def paper_of(notice: RectificationNotice) -> bytes:
    """The notice as it was issued, with the receipt as it stands now."""
    template = template_of(notice.kind)
    try:
        with translation.override(RECORD_LANGUAGE):
            paper = DocxTemplate(template)
            paper.render(words_of(notice), autoescape=True)
    except (TemplateError, ValueError) as error:
        raise Invalid(
            _("The paper's template %(name)s cannot be used: %(reason)s") % {"name": template.name, "reason": error}
        ) from error
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def template_of(kind: str) -> Path:
    """The county's own template where it has put one, else ours."""
    own: Path = settings.VAR / "papers" / f"{kind}.docx"
    return own if own.exists() else OURS / f"{kind}.docx"


def words_of(notice: RectificationNotice) -> dict[str, Any]:
    """What the template is filled with."""
    answered = chinese_date(notice.answered_on) if notice.answered_on else ""
    refused = notice.status == RectificationNotice.Status.REFUSED
    witness = f"{notice.witness_name}（{notice.witness_organisation}）" if refused else ""
    dated = notice.outside_on or timezone.localdate(notice.issued_at)
    return {
        "agency": notice.agency.name,
        "school": notice.school.organisation.name,
        "number": notice.number,
        "paper_name": NAMES[notice.kind],
        "mark": mark_of(notice),
        "opening": opening_of(notice),
        "items": [_item(item) for item in notice.items.all()],
        "recheck": chinese_date(notice.recheck_on),
        "date": chinese_date(dated),
        "receiver": notice.receiver_name,
        "received": "" if refused else answered,
        "refusal": notice.refusal_reason,
        "witness": witness,
        "refused": answered if refused else "",
        "remark": f"已撤回：{notice.withdraw_reason}" if notice.withdraw_reason else "",
    }


def mark_of(notice: RectificationNotice) -> str:
    """What has to be said under the title, if anything."""
    if notice.status == RectificationNotice.Status.WITHDRAWN:
        return "（已撤回，不作依据）"
    if not notice.number:
        return "（草稿，尚无文号，以公安机关办案系统出具的文书为准）"
    return ""


def opening_of(notice: RectificationNotice) -> str:
    """On what occasion the hazards were found."""
    check = notice.inspection
    if check is None:
        return "经查，"
    return (
        f"{chinese_date(timezone.localdate(check.started_at))}，{check.agency.name}与你单位共同开展校园安全检查，查明"
    )


def chinese_date(day: date) -> str:
    """A date as official papers write it: figures without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def file_name(notice: RectificationNotice) -> str:
    """What the file is called."""
    draft = "" if notice.number else "草稿"
    day = timezone.localdate(notice.issued_at)
    return f"整改通知书{draft}-{notice.school.organisation.name}-{day:%Y%m%d}.docx"


def _item(item: NoticeItem) -> dict[str, Any]:
    return {
        "number": item.position,
        "description": _whole(item.description),
        "basis": item.basis.rstrip(STOPS),
        "level": f"{item.get_level_display()}隐患" if item.level else "待核定",
        "requirement": item.requirement.rstrip(STOPS),
        "responsible": item.responsible_name or "未指定",
        "due": chinese_date(item.due_date),
    }


def _whole(words: str) -> str:
    return f"{words.rstrip(STOPS)}。"
