"""Every file that cannot be read says why in its own sentence."""

import io
import struct
import zipfile

import pytest
from xlsxwriter import Workbook

from huyuan.common.sheets import UnreadableFile, open_workbook
from tests.sheets.making import DATA, SCHOOL, TITLES, ods, ods_row, ole, with_entries, with_sheet_xml, xlsx, zipped

GOOD = xlsx([TITLES, SCHOOL])
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def lying_bomb() -> bytes:
    """A zip whose directory claims that a 60 MB entry has 1 KB."""
    data = bytearray(with_entries(GOOD, {"xl/worksheets/sheet1.xml": b" " * 60_000_000}))
    at = data.find(struct.pack("<I", 60_000_000))
    while at >= 0:
        struct.pack_into("<I", data, at, 1024)
        at = data.find(struct.pack("<I", 60_000_000), at)
    return bytes(data)


def encrypted_entry() -> bytes:
    data = bytearray(GOOD)
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


BAD_FILES = {
    "password": (ole(["EncryptedPackage", "EncryptionInfo"]), "protected with a password"),
    "zip password": (encrypted_entry(), "protected with a password"),
    "ods password": (
        zipped(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": b"x",
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
            }
        ),
        "protected with a password",
    ),
    "macro": (with_entries(GOOD, {"xl/vbaProject.bin": b"x"}), "contains macros"),
    "old macro sheet": (with_entries(GOOD, {"xl/macrosheets/sheet1.xml": b"<x/>"}), "contains macros"),
    "xls macro": (ole(["Workbook", "_VBA_PROJECT_CUR"]), "contains macros"),
    "bomb": (
        with_entries(GOOD, {"xl/media/a.xml": b" " * 150_000_000, "xl/media/b.xml": b" " * 150_000_000}),
        "unpacks to far more",
    ),
    "packed bomb": (with_entries(GOOD, {"xl/media/a.xml": b" " * 60_000_000}), "unpacks to far more"),
    "lying bomb": (lying_bomb(), "unpacks to far more"),
    "many entries": (zipped({f"{n}.xml": b"" for n in range(3_100)}), "unpacks to far more"),
    "far cell": (
        xlsx([TITLES, [*SCHOOL, *[None] * 16_000, "x"], *[[]] * 1_000, ["x"]]),
        "far more than any table needs",
    ),
    "repeated cells": (ods(ods_row(["x"] * 100, repeated=1_000_000)), "far more than any table needs"),
    "entity": (with_sheet_xml(GOOD, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "declarations"),
    "docx": (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "Word document"),
    "doc": (ole(["WordDocument"]), "Word document"),
    "pptx": (zipped({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}), "presentation"),
    "xlsb": (zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}), ".xlsb"),
    "zip": (zipped({"学校.xlsx": GOOD}), "archive"),
    "pdf": (b"%PDF-1.7\n" + bytes(100), "PDF"),
    "picture": (PNG, "picture"),
    "web page": ("<html><table><tr><td>学校</td></tr></table></html>".encode(), "web page"),
    "bytes": (bytes(range(256)) * 10, "not a spreadsheet"),
    "wrong encoding": ("学校名称,学生数\n".encode() + b"\xff\xfe\x81\x20\xff,1\n", "neither UTF-8 nor GB18030"),
    "cut short": (GOOD[:2_000], "damaged"),
    "cut in the middle": (GOOD[: len(GOOD) // 2] + GOOD[-100:], "damaged"),
    "no sheet in it": (with_entries(GOOD, {"xl/workbook.xml": b"<broken"}), "damaged"),
    "ole cut short": (ole(["Workbook"])[:300], "damaged"),
    "empty": (b"", "empty"),
    "too large": (bytes(50 * 1024 * 1024), "50 MB; at most 20 MB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_its_own_sentence(name: str) -> None:
    content, sentence = BAD_FILES[name]
    with pytest.raises(UnreadableFile) as refused:
        for sheet in open_workbook(content):
            list(sheet.rows())
    assert sentence in str(refused.value.message)


def test_a_file_just_over_the_limit_is_not_called_as_large_as_the_limit() -> None:
    with pytest.raises(UnreadableFile, match="21 MB; at most 20 MB"):
        open_workbook(bytes(20 * 1024 * 1024 + 1))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UnreadableFile, match=r"学校\.xlsx"):
        open_workbook("/nowhere/学校.xlsx")


def test_a_large_file_on_disk_is_refused_before_it_is_read(tmp_path) -> None:
    path = tmp_path / "big.xlsx"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(UnreadableFile, match="50 MB"):
        open_workbook(path)


def test_rows_keep_the_numbers_that_the_program_shows() -> None:
    [sheet] = open_workbook(xlsx([[], [], [None, None, "学校"], [], [None, "x"]]))
    assert [(number, cells) for number, cells in sheet.rows() if any(cells)] == [
        (3, ["", "", "学校"]),
        (5, ["", "x", ""]),
    ]


def test_a_workbook_with_broken_styles_is_read() -> None:
    [sheet] = open_workbook(DATA / "hazards.xlsx")
    rows = list(sheet.rows())
    assert rows[1][1][:3] == ["序号", "学校", "排查日期"]
    assert len(rows) == 223


def test_a_file_that_is_only_called_xlsx_is_read_as_what_it_is() -> None:
    [sheet] = open_workbook(io.BytesIO("学校名称,学生数\n青溪小学,5\n".encode()))
    assert list(sheet.rows()) == [(1, ["学校名称", "学生数"]), (2, ["青溪小学", "5"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables_are_read_in_every_usual_encoding(encoding: str, separator: str) -> None:
    text = f'学校{separator}"备注\n两行"\n\n青溪小学{separator}㙍\n'
    [sheet] = open_workbook(text.encode(encoding))
    assert list(sheet.rows()) == [(1, ["学校", "备注\n两行"]), (2, []), (3, ["青溪小学", "㙍"])]


def test_a_code_guarded_as_a_formula_is_read_as_its_text() -> None:
    [sheet] = open_workbook('学校,标识码\n青溪小学,"=""2136100007"""\n'.encode())
    assert list(sheet.rows())[1] == (2, ["青溪小学", "2136100007"])


def test_errors_and_unsolved_formulas_are_not_shown_as_blank() -> None:
    book = with_sheet_xml(
        xlsx([["a", "b", "c", "d"], ["x", 1, 2, 3]]),
        b'<c r="B2" t="n"><v>1</v></c><c r="C2" t="n"><v>2</v></c><c r="D2" t="n"><v>3</v></c>',
        b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2"><f>SUM(A1)</f><v></v></c><c r="D2" t="str"><f>A9</f><v></v></c>',
    )
    [sheet] = open_workbook(book)
    assert list(sheet.rows())[1] == (2, ["x", "#DIV/0!", "#FORMULA", ""])


def ods_formula(result: str, value_type: str = "string") -> str:
    typed = f'office:value-type="{value_type}" office:string-value=""' if value_type else ""
    return f'<table:table-row><table:table-cell/><table:table-cell table:formula="of:=1/0" {typed}><text:p>{result}</text:p></table:table-cell></table:table-row>'


def test_errors_and_unsolved_formulas_are_seen_in_open_documents() -> None:
    rows = [ods_row(["a", "b"]), ods_formula("#DIV/0!"), ods_formula("Err:502"), ods_formula("", ""), ods_formula("")]
    [sheet] = open_workbook(ods("".join(rows)))
    assert [cells[1] for _number, cells in sheet.rows()][1:] == ["#DIV/0!", "#VALUE!", "#FORMULA", ""]


def test_merged_cells_are_seen_in_open_documents() -> None:
    merged = '<table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>x</text:p></table:table-cell></table:table-row>'
    [sheet] = open_workbook(ods(ods_row(["a"]) + merged + ods_row([None])))
    assert sheet.merged == [((1, 0), (2, 0))]


def test_errors_are_seen_in_old_workbooks() -> None:
    [sheet] = open_workbook(DATA / "roster.xls")
    assert list(sheet.rows())[5][1][5] == "#REF!"


def test_every_cut_of_a_workbook_is_refused_and_never_crashes() -> None:
    for content in (GOOD, (DATA / "roster.xls").read_bytes(), ods(ods_row(TITLES))):
        for cut in range(1, len(content), 97):
            try:
                for sheet in open_workbook(content[:cut]):
                    list(sheet.rows())
            except UnreadableFile as refused:
                assert str(refused.message)


def test_a_damaged_byte_never_crashes() -> None:
    for content in (GOOD, (DATA / "roster.xls").read_bytes(), ods(ods_row(TITLES))):
        for at in range(0, len(content), 41):
            damaged = bytearray(content)
            damaged[at] ^= 0xFF
            try:
                for sheet in open_workbook(bytes(damaged)):
                    list(sheet.rows())
            except UnreadableFile as refused:
                assert str(refused.message)


def test_a_file_that_ends_its_reader_is_refused_and_nothing_else_ends() -> None:
    """These bytes make the parser reserve more memory than there is, which ends its process."""
    damaged = bytearray((DATA / "roster.xls").read_bytes())
    damaged[1812:1816] = b"\xff\xff\xff\x7f"
    with pytest.raises(UnreadableFile, match="damaged"):
        open_workbook(bytes(damaged))


def test_two_sheets_can_be_read_again_and_left_half_read() -> None:
    one, two = open_workbook(xlsx([[n] for n in range(3_000)], [["x"]]))
    assert next(one.rows())[1] == [0.0]
    assert list(two.rows()) == [(1, ["x"])]
    assert len(list(one.rows())) == len(list(one.rows())) == 3_000


def test_stored_entries_are_read_too() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        stored = zipped({name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED)
    assert len(open_workbook(stored)) == 1


def test_boasting_counts_and_dimensions_cost_nothing() -> None:
    file = io.BytesIO()
    with Workbook(file) as book:
        book.add_worksheet().write_row(0, 0, TITLES)
    boast = with_sheet_xml(file.getvalue(), b'<dimension ref="A1:I1"', b'<dimension ref="A1:XFD1048576"')
    with zipfile.ZipFile(file) as archive:
        strings = archive.read("xl/sharedStrings.xml").replace(b'ount="9"', b'ount="4294967295"')
    [sheet] = open_workbook(boast)
    assert list(sheet.rows()) == [(1, TITLES)]
    with pytest.raises(UnreadableFile, match="damaged"):
        open_workbook(with_entries(boast, {"xl/sharedStrings.xml": strings}))
