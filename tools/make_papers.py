"""Makes the templates of official papers in `huyuan/inspections/papers/`; run it again when their look changes.

    python tools/make_papers.py

The look is that of GB/T 9704-2012: A4, 22 lines a page at 28.95 points, title in Songti size 2, body in Fangsong size 3.
A county that wants another look edits the DOCX in a word processor and puts it under `var/papers/` by the same name.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TO = Path(__file__).resolve().parent.parent / "huyuan" / "inspections" / "papers"
TITLE, HEI, KAI, BODY = "方正小标宋简体", "黑体", "楷体", "仿宋"
# What a computer without the font shows instead.
INSTEAD = {TITLE: "宋体", HEI: "SimHei", KAI: "楷体_GB2312", BODY: "仿宋_GB2312"}
SIZE_2, SIZE_3, LINE = Pt(22), Pt(16), Pt(28.95)
RED = RGBColor(0xC8, 0x10, 0x2E)


def write(paragraph: Paragraph, text: str, font: str = BODY, size: Pt = SIZE_3, color: RGBColor | None = None) -> None:
    """Add words in a font, for Chinese and for figures."""
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(script), font)
    if color is not None:
        run.font.color.rgb = color


def line(
    paper: Paper | _Cell, text: str = "", *, font: str = BODY, size: Pt = SIZE_3, align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 2, color: RGBColor | None = None, leading: Pt = LINE,
) -> Paragraph:  # fmt: skip
    """A paragraph at the line spacing of official papers, its first line moved in by so many characters."""
    paragraph = paper.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, leading
    if indent:
        form.first_line_indent = Pt(size.pt * indent)
    if align is not None:
        paragraph.alignment = align
    if text:
        write(paragraph, text, font, size, color)
    return paragraph


def red_line(paragraph: Paragraph) -> None:
    """A red line under a paragraph, over the whole width of the text."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def page_number(paper: Paper) -> None:
    """The number of the page at its foot, between dashes."""
    foot = paper.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(foot, "— ", "宋体", Pt(14))
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        run.font.size = Pt(14)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    write(foot, " —", "宋体", Pt(14))


def fall_back(paper: Paper) -> None:
    """Name in the table of fonts what stands in for a font that is missing."""
    table = next(part for part in paper.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    named = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{instead}"/></w:font>' for font, instead in INSTEAD.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", named.encode() + b"</w:fonts>")


def blank() -> Paper:
    """An empty A4 page with the margins of official papers and fonts to fall back on."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = INSTEAD[BODY], SIZE_3
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), INSTEAD[BODY])
    page_number(paper)
    fall_back(paper)
    return paper


def items(paper: Paper) -> None:
    """The numbered problems, each with basis, level, requirement, person and deadline."""
    line(paper, "{%p for item in items %}")
    line(paper, "{{ item.number }}．{{ item.description }}", font=KAI)
    line(paper, "{%p if item.basis %}")
    line(paper, "依据：{{ item.basis }}。")
    line(paper, "{%p endif %}")
    line(paper, "隐患级别：{{ item.level }}。整改要求：{{ item.requirement }}。")
    line(paper, "整改责任人：{{ item.responsible }}。整改期限：{{ item.due }}前。")
    line(paper, "{%p endfor %}")


def signed(paper: Paper) -> None:
    """Agency and date at the right foot."""
    line(paper)
    line(paper)
    right = WD_ALIGN_PARAGRAPH.RIGHT
    for text, moved in (("{{ agency }}", 2), ("{{ date }}", 4)):
        line(paper, text, align=right, indent=0).paragraph_format.right_indent = Pt(SIZE_3.pt * moved)


def receipt(paper: Paper) -> None:
    """The receipt on a page of its own."""
    paper.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    line(paper, "送 达 回 执", font=TITLE, size=SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER, indent=0, leading=Pt(36))
    line(paper)
    rows = (
        ("送达文书", "{{ paper_name }}\n{{ number }}"), ("受送达单位", "{{ school }}"), ("送达单位", "{{ agency }}"),
        ("签收人（签名或盖章）", "{{ receiver }}"), ("签收时间", "{{ received }}"), ("拒绝签收的理由", "{{ refusal }}"),
        ("见证人及单位", "{{ witness }}"), ("拒收记录时间", "{{ refused }}"), ("备注", "{{ remark }}"),
    )  # fmt: skip
    table = paper.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    for title, value in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Mm(52), Mm(104)
        for cell, text in zip(cells, (title, value), strict=True):
            first, *more = text.split("\n")
            write(cell.paragraphs[0], first, size=Pt(14))
            for further in more:
                write(cell.add_paragraph(), further, size=Pt(14))
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(9)


def education() -> Paper:
    """The education bureau's notice: red head with the agency's name, number, red line."""
    paper, centre = blank(), WD_ALIGN_PARAGRAPH.CENTER
    line(paper, "{{ agency }}", font=TITLE, size=Pt(36), align=centre, indent=0, color=RED, leading=Pt(52))
    line(paper, leading=Pt(20))
    red_line(line(paper, "{{ number }}", align=centre, indent=0))
    line(paper)
    line(paper, "校园安全隐患整改通知书", font=TITLE, size=SIZE_2, align=centre, indent=0, leading=Pt(36))
    line(paper, "{%p if mark %}")
    line(paper, "{{ mark }}", font=KAI, align=centre, indent=0)
    line(paper, "{%p endif %}")
    line(paper)
    line(paper, "{{ school }}：", indent=0)
    line(paper, "{{ opening }}你单位存在下列校园安全隐患，现通知你单位限期整改。")
    line(paper, "一、存在的隐患和整改要求", font=HEI)
    items(paper)
    line(paper, "二、有关要求", font=HEI)
    line(paper, "整改完成后，由你单位在系统中报告并附照片，我单位定于{{ recheck }}起复查。"
                "不能按期完成的，应当在期限届满前申请延期。")  # fmt: skip
    line(paper, "逾期未整改又未申请延期的，我单位将按校园安全监督管理的有关规定逐级督办并追究责任；"
                "属于重大隐患的，提请县校园安全领导小组挂牌督办。")  # fmt: skip
    signed(paper)
    receipt(paper)
    return paper


def police() -> Paper:
    """The draft of the police: no red head, no number of ours, the articles it rests on."""
    paper, centre = blank(), WD_ALIGN_PARAGRAPH.CENTER
    line(paper, "{{ agency }}", font=TITLE, size=SIZE_2, align=centre, indent=0, leading=Pt(36))
    line(paper, "责令限期整改治安隐患通知书", font=TITLE, size=SIZE_2, align=centre, indent=0, leading=Pt(36))
    line(paper, "{%p if mark %}")
    line(paper, "{{ mark }}", font=KAI, align=centre, indent=0)
    line(paper, "{%p endif %}")
    line(paper, "{%p if number %}")
    line(paper, "{{ number }}", align=WD_ALIGN_PARAGRAPH.RIGHT, indent=0)
    line(paper, "{%p endif %}")
    line(paper)
    line(paper, "{{ school }}：", indent=0)
    line(paper, "{{ opening }}你单位存在下列治安隐患。根据《企业事业单位内部治安保卫条例》（国务院令第421号）"
                "第十六条第二项、第十九条，责令你单位限期整改。")  # fmt: skip
    line(paper, "一、存在的问题和整改要求", font=HEI)
    items(paper)
    line(paper, "二、逾期不整改的后果", font=HEI)
    line(paper, "在上述期限内没有整改的，公安机关将依照上述条例第十九条处理。我单位定于{{ recheck }}起复查。")
    signed(paper)
    receipt(paper)
    return paper


if __name__ == "__main__":
    education().save(TO / "education.docx")
    police().save(TO / "police.docx")
