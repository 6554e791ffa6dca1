"""Text tables (.csv): which encoding, which separator, row by row."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.problems import UnreadableFile

CHUNK = 256 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ENCODING = _(
    "The text in the file is in neither UTF-8 nor GB18030. Open it in your spreadsheet program, save it as .xlsx, and try that file."
)
NOT_A_TABLE = _("This is not a spreadsheet. Give an .xlsx, .xls, .ods or .csv file.")
WEB_PAGE = _(
    "This is a web page with the name of a spreadsheet. Open it in your spreadsheet program, save it as .xlsx, and try that file."
)
CELL_TOO_LONG = _(
    "A cell of the file is far too long; perhaps a closing quotation mark is missing. Save the table as .xlsx and try that file."
)
# How programs keep a spreadsheet from taking a code for a number: ="2136100007".
AS_TEXT = re.compile(r'^="([^"]*)"$')
# Bytes that no text file holds.
CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})


def encoding_of(file: BinaryIO) -> str:
    """The encoding in which the whole file makes sense."""
    file.seek(0)
    head = file.read(CHUNK)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark) and _decodes(file, encoding):
            return encoding
    if not head.strip() or len(head.translate(None, CONTROL)) != len(head):
        raise UnreadableFile(NOT_A_TABLE)
    if (
        head.lstrip(b"\xef\xbb\xbf \r\n\t")[:200]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta"))
    ):
        raise UnreadableFile(WEB_PAGE)
    for encoding in ENCODINGS:
        if _decodes(file, encoding):
            return encoding
    raise UnreadableFile(ENCODING)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(CHUNK):
            decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def separator_of(sample: str) -> str:
    """The separator that appears on most lines; a comma when none does."""
    lines = sample.splitlines()[:50]
    return max(",\t;|", key=lambda mark: sum(line.count(mark) for line in lines))


def text_rows(file: BinaryIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Rows as a spreadsheet program would number them: one with line breaks inside a cell is still one row."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        separator = separator_of(text.read(20_000))
        text.seek(0)
        for number, cells in enumerate(csv.reader(text, delimiter=separator), 1):
            yield number, [AS_TEXT.sub(r"\1", cell) for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(CELL_TOO_LONG) from error
    finally:
        # Without this the wrapper would close the caller's file.
        text.detach()
