"""Makes the templates of accounts of incidents in `huyuan/emergency/papers/`; run it again when their look changes.

    python tools/make_accounts.py

A4, the sign (real, exercise, test) in the head of every page. A county that wants another look edits the DOCX in a word
processor and puts it under `var/papers/` by the same name.
"""

from pathlib import Path

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table
from make_papers import BODY, HEI, SIZE_2, TITLE, blank, line, write

TO = Path(__file__).resolve().parent.parent / "huyuan" / "emergency" / "papers"
SMALL = Pt(10.5)
ROWS = (
    ("{{ one.number }}", 12),
    ("{{ one.at }}", 40),
    ("{{ one.after }}", 18),
    ("{{ one.text }}", 76),
    ("{{ one.actor }}", 24),
)
TITLES = ("序号", "时间", "距报警", "事项", "记录人")


def page(title: str) -> Paper:
    """An A4 page with narrow margins, the sign in its head, and a title."""
    paper = blank()
    section = paper.sections[0]
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.left_margin = section.right_margin = Mm(20)
    section.header_distance, section.footer_distance = Mm(12), Mm(14)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(head, "{{ sign }}", HEI, Pt(14))
    centre = WD_ALIGN_PARAGRAPH.CENTER
    line(paper, "{{ school }}", font=TITLE, size=SIZE_2, align=centre, indent=0, leading=Pt(32))
    line(paper, title, font=TITLE, size=SIZE_2, align=centre, indent=0, leading=Pt(32))
    line(paper, leading=Pt(12))
    return paper


def table(paper: Paper, widths: tuple[int, ...]) -> Table:
    """An empty table with columns of these widths in millimetres."""
    made = paper.add_table(rows=0, cols=len(widths))
    made.style, made.autofit = "Table Grid", False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    return made


def row(to: Table, texts: tuple[str, ...], font: str = BODY, *, heads: bool = False, size: Pt = SMALL) -> None:
    """A row of words; a row of titles is repeated on every page, and no row is torn over two."""
    made = to.add_row()
    properties = made._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heads:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, column, text in zip(made.cells, to.columns, texts, strict=True):
        cell.width = column.width
        write(cell.paragraphs[0], text, font, size)
        cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(3)


def whole(to: Table, text: str) -> None:
    """A row that only opens or ends a repetition."""
    made = to.add_row()
    cell = made.cells[0].merge(made.cells[-1])
    write(cell.paragraphs[0], text, size=SMALL)


def acts(paper: Paper) -> None:
    """Every act in order."""
    made = table(paper, tuple(width for _text, width in ROWS))
    row(made, TITLES, HEI, heads=True)
    whole(made, "{%tr for one in lines %}")
    row(made, tuple(text for text, _width in ROWS))
    whole(made, "{%tr endfor %}")


def foot(paper: Paper) -> None:
    """Who took it out, and when."""
    line(paper, leading=Pt(12))
    line(paper, "{{ made }}", size=SMALL, indent=0, align=WD_ALIGN_PARAGRAPH.RIGHT, leading=Pt(18))


def timeline() -> Paper:
    """The handling timeline."""
    paper = page("处置经过时间线")
    made = table(paper, (34, 136))
    whole(made, "{%tr for one in heads %}")
    row(made, ("{{ one.name }}", "{{ one.value }}"), size=Pt(12))
    whole(made, "{%tr endfor %}")
    line(paper, leading=Pt(12))
    acts(paper)
    foot(paper)
    return paper


def ics214() -> Paper:
    """The activity log with the fields of ICS 214."""
    paper = page("活动记录（ICS 214 式）")
    made = table(paper, (60, 110))
    for title, value in (
        ("1 事件名称 Incident name", "{{ name }}"),
        ("2 起止时间 Operational period", "{{ begins }} — {{ ends }}"),
        ("3 负责人 Name", "{{ leader }}"),
        ("4 职务 ICS position", "现场指挥"),
        ("5 所属单位 Home agency", "{{ unit }}"),
    ):
        row(made, (title, value), size=Pt(12))
    line(paper, "6 到场人员 Resources assigned", font=HEI, size=Pt(12), indent=0, leading=Pt(28))
    people = table(paper, (50, 50, 70))
    row(people, ("姓名 Name", "职责 ICS position", "所属单位 Home agency"), HEI, heads=True)
    whole(people, "{%tr for one in people %}")
    row(people, ("{{ one.name }}", "{{ one.position }}", "{{ one.agency }}"))
    whole(people, "{%tr endfor %}")
    line(paper, "7 活动记录 Activity log", font=HEI, size=Pt(12), indent=0, leading=Pt(28))
    acts(paper)
    line(paper, "8 制表 Prepared by", font=HEI, size=Pt(12), indent=0, leading=Pt(28))
    line(paper, "{{ made }}", size=SMALL, indent=0, leading=Pt(18))
    return paper


if __name__ == "__main__":
    for name, made in (("timeline", timeline()), ("ics214", ics214())):
        made.save(TO / f"{name}.docx")
