"""A plan written in Word is read as it stands on paper, automatic numbers included."""

import io
import zipfile

import docx
import pytest
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from huyuan.common.errors import Invalid
from huyuan.policy.plantext import parse_plan, read_plan

LEVELS = (("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def document(*levels: tuple[str, str]):
    """A new document whose list 70 numbers like this."""
    made = docx.Document()
    numbering = made.part.numbering_part.element
    inside = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="70">{inside}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="70"><w:abstractNumId w:val="70"/></w:num>'))
    return made


def numbered(made, text: str, depth: int, number: int = 70):
    paragraph = made.add_paragraph(text)
    xml = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(xml))
    return paragraph


def read(made) -> str:
    file = io.BytesIO()
    made.save(file)
    return read_plan(file.getvalue(), "plan.docx")


def refusal(made) -> str:
    with pytest.raises(Invalid) as refused, translation.override("en"):
        read(made)
    return str(refused.value.message)


def test_typed_numbers_are_read_as_they_are():
    made = docx.Document()
    for line in ("方案", "一、目标", "（一）学校。负责值守。"):
        made.add_paragraph(line)
    assert read(made) == "方案\n一、目标\n（一）学校。负责值守。\n"


def test_automatic_numbers_of_all_four_levels_are_written_out():
    made = document(*LEVELS)
    made.add_paragraph("方案")
    for text, depth in [
        ("甲", 0),
        ("乙", 1),
        ("丙", 2),
        ("丁", 3),
        ("戊", 3),
        ("己", 1),
        ("2026年起", 2),
        ("庚", 0),
        ("辛", 1),
    ]:
        numbered(made, text, depth)
    text = read(made)
    assert text == "方案\n一、甲\n（一）乙\n1.丙\n（1）丁\n（2）戊\n（二）己\n1. 2026年起\n二、庚\n（一）辛\n"
    assert [c.number for c in parse_plan(text).clauses] == [
        "1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "1.2", "1.2.1", "2", "2.1",
    ]  # fmt: skip


def test_a_list_that_begins_anew_counts_from_where_it_says():
    made = document(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"))
    override = (
        f'<w:num {nsdecls("w")} w:numId="71"><w:abstractNumId w:val="70"/>'
        '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    made.part.numbering_part.element.append(parse_xml(override))
    numbered(made, "甲", 0)
    numbered(made, "乙", 1)
    made.add_paragraph("二、丙")
    numbered(made, "丁", 1, 71)
    numbered(made, "戊", 1, 71)
    assert read(made) == "一、甲\n（一）乙\n二、丙\n（一）丁\n（二）戊\n"


def test_numbers_that_come_from_a_style_are_written_out():
    made = document(("chineseCounting", "%1、"))
    style = made.styles["Heading 1"].element
    xml = f'<w:numPr {nsdecls("w")}><w:numId w:val="70"/></w:numPr>'
    style.get_or_add_pPr().append(parse_xml(xml))
    made.add_paragraph("甲", style="Heading 1")
    made.add_paragraph("正文", style="Heading 2")
    numbered(made, "无号", 0, 0)
    made.add_paragraph("乙", style="Heading 1")
    assert read(made) == "一、甲\n正文\n无号\n二、乙\n"


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [("chineseCounting", "第%1条", "第一条"), ("upperRoman", "%1.", "[upperRoman 1]."), ("bullet", "", "•")],
)
def test_automatic_numbers_of_another_kind_are_refused(form, text, shown):
    made = document((form, text))
    made.add_paragraph("方案")
    numbered(made, "甲", 0)
    assert refusal(made) == (
        f"Line 2: Word numbers this paragraph automatically as “{shown}”, which is not official numbering "
        "(一、 （一） 1. （1）). Change its numbering, or type the numbers."
    )


def test_an_annex_may_number_as_it_likes():
    made = document(("upperRoman", "%1."))
    made.add_paragraph("一、目标")
    made.add_paragraph("附件1")
    numbered(made, "甲", 0)
    assert [clause.number for clause in parse_plan(read(made)).clauses] == ["1"]


def test_a_table_is_read_row_by_row():
    made = docx.Document()
    made.add_paragraph("一、分工")
    table = made.add_table(rows=2, cols=2)
    for at, word in enumerate(["单位", "职责", "学校", "值守"]):
        table.cell(at // 2, at % 2).text = word
    made.add_paragraph("二、要求")
    assert read(made) == "一、分工\n单位\t职责\n学校\t值守\n二、要求\n"


def test_added_text_counts_and_deleted_text_does_not():
    made = docx.Document()
    paragraph = made.add_paragraph("一、目标")
    added = f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>和任务</w:t></w:r></w:ins>'
    deleted = f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    paragraph._p.append(parse_xml(added))
    paragraph._p.append(parse_xml(deleted))
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>（一）学校</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    made.element.body.insert(1, parse_xml(control))
    assert read(made) == "一、目标和任务\n（一）学校\n"


def test_a_workbook_and_a_bomb_are_no_plans():
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Invalid) as refused, translation.override("en"):
        read_plan(sheet.getvalue(), "list.xlsx")
    assert str(refused.value.message).startswith("list.xlsx cannot be read as a Word document.")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (31 * 1024 * 1024))
    with pytest.raises(Invalid) as refused, translation.override("en"):
        read_plan(bomb.getvalue(), "plan.docx")
    assert str(refused.value.message).startswith("plan.docx unpacks to far more than a plan holds.")


@pytest.mark.parametrize(("part", "old", "new"), [
    ("[Content_Types].xml", b"Types", b"Typos"),
    ("word/document.xml", b"</w:body>", b""),
    ("word/numbering.xml", b'w:ilvl="0"', b'w:ilvl="zero"'),
])  # fmt: skip
def test_a_damaged_document_is_refused(part, old, new):
    made = document(*LEVELS)
    numbered(made, "甲", 0)
    whole, damaged = io.BytesIO(), io.BytesIO()
    made.save(whole)
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(damaged, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, content.replace(old, new) if name == part else content)
    with pytest.raises(Invalid) as refused, translation.override("en"):
        read_plan(damaged.getvalue(), "plan.docx")
    assert str(refused.value.message).startswith("plan.docx cannot be read as a Word document.")
