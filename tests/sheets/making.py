"""Makes awkward workbooks for the tests."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from huyuan.organisations.roster import RosterResult, read_roster

DATA = Path(__file__).resolve().parent.parent / "data"
TITLES = [
    "学校名称",
    "学校标识码",
    "办学类型",
    "所在乡镇",
    "在校学生数",
    "寄宿生",
    "专职保安员数",
    "护学岗",
    "辖区派出所",
]
SCHOOL = ["青溪镇中心小学", "2136100007", "小学", "青溪镇", 924, 0, 2, "是", "青溪派出所"]

PLACES = [*TITLES, "经度", "纬度"]


def xlsx(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = (), merged: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(names[at] if names else f"表{at + 1}")
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_entries(workbook: bytes, entries: Mapping[str, bytes]) -> bytes:
    """The same workbook with entries added or replaced."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | dict(entries))


def with_sheet_xml(workbook: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with a change in its first sheet's XML."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        xml = archive.read(name)
    assert old in xml
    return with_entries(workbook, {name: xml.replace(old, new, 1)})


def ods(rows: str) -> bytes:
    """An OpenDocument sheet with these rows of XML."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{urn}office:1.0" '
        f'xmlns:table="{urn}table:1.0" xmlns:text="{urn}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="学校">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{urn}manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped(
        {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()}
    )


def ods_row(cells: Sequence[Any], repeated: int = 1) -> str:
    xml = ""
    for cell in cells:
        if isinstance(cell, int | float):
            xml += f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        elif cell is None:
            xml += "<table:table-cell/>"
        else:
            xml += f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-row table:number-rows-repeated="{repeated}">{xml}</table:table-row>'


def ole(streams: Sequence[str]) -> bytes:
    """An old Office container with these streams, all of them empty."""
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    head = bytearray(512)
    head[0:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", head, 44, 1)
    struct.pack_into("<I", head, 48, 1)
    struct.pack_into("<IIIII", head, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    directory = b""
    for at, name in enumerate(["Root Entry", *streams]):
        entry = bytearray(128)
        raw = name.encode("utf-16-le")
        entry[: len(raw)] = raw
        struct.pack_into("<HB", entry, 64, len(raw) + 2, 5 if at == 0 else 2)
        struct.pack_into("<II", entry, 116, 0xFFFFFFFE, 0)
        directory += bytes(entry)
    return bytes(head) + fat + directory.ljust(512, b"\0")


def said(result: RosterResult) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.field, str(problem.reason)) for problem in result.problems]


def roster(*rows: Sequence[Any], titles: Sequence[Any] = TITLES, **how: Any) -> RosterResult:
    return read_roster(xlsx([titles, *rows]), **how)


def school(**changes: Any) -> list[Any]:
    """A right row, but for the changes; keys are positions as in a2=…"""
    return [changes.get(f"c{at}", value) for at, value in enumerate(SCHOOL)]


def placed(lon: Any, lat: Any, *notes: str, titles: Sequence[str] = PLACES, **how: Any) -> RosterResult:
    return roster([*school(), lon, lat], *[[note] for note in notes], titles=titles, **how)
