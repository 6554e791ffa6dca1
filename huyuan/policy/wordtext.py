"""The text of a Word document as it reads on paper: automatic numbers written out, tables row by row."""

import io
import zipfile
from collections.abc import Iterator

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.oxml.xmlchemy import BaseOxmlElement

from huyuan.common.errors import Invalid
from huyuan.policy.numbering import ANNEX, chinese, marker_of

MOST_COUNTED = 1_000
# A style that is based on itself would never end.
LONGEST_CHAIN = 20
MOST_UNPACKED = 30 * 1024 * 1024
NUMERAL_FORMATS = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip
# Deleted text, text moved away, text boxes and tab stops stand in the file and not on the line.
LEAVES = (
    "(.//w:t | .//w:tab | .//w:br | .//w:cr | .//w:noBreakHyphen)"
    "[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent or ancestor::w:pPr)]"
)
SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def read_word(content: bytes, name: str) -> str:
    """The document's paragraphs and table rows, one a line; raises Invalid where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Invalid(
                _("%(name)s unpacks to far more than a plan holds. Copy its text into a new document and import that.")
                % {"name": name}
            )
        document = docx.Document(io.BytesIO(content))
        numbering, lines = Numbering(document), list[str]()
        for line in _lines(document.element.body, numbering, lines):
            lines.append(line)
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        # Broken XML is a SyntaxError; a part of the wrong shape, or a number that is none, is one of the others.
        raise Invalid(
            _(
                "%(name)s cannot be read as a Word document. Open it in Word or WPS, save it again as .docx, and import that."
            )
            % {"name": name}
        ) from error
    return "".join(f"{line}\n" for line in lines)


def _lines(parent: BaseOxmlElement, numbering: "Numbering", before: list[str]) -> Iterator[str]:
    """Paragraphs and table rows in order, also those inside content controls."""
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            text = _text(child)
            marker = numbering.marker(child)
            foreign = marker.strip() and text.strip() and marker_of(marker + "文") is None
            if foreign and not any(ANNEX.match(line) for line in before):
                raise Invalid(
                    _(
                        "Line %(line)d: Word numbers this paragraph automatically as “%(marker)s”, which is not official numbering (一、 （一） 1. （1）). Change its numbering, or type the numbers."
                    )
                    % {"line": sum(line.count("\n") + 1 for line in before) + 1, "marker": marker.strip()}
                )
            yield _joined(marker, text) if text.strip() else text
        elif child.tag == qn("w:tbl"):
            yield from ("\t".join(_cell(cell) for cell in row.xpath("./w:tc")) for row in child.xpath("./w:tr"))
        elif child.tag != qn("w:sectPr"):
            yield from _lines(child, numbering, before)


def _text(paragraph: BaseOxmlElement) -> str:
    """What stands in a paragraph; a page break is no line break."""
    return "".join(
        leaf.text or "" if leaf.tag == qn("w:t") else SIGNS[leaf.tag]
        for leaf in paragraph.xpath(LEAVES)
        if leaf.get(qn("w:type")) in {None, "textWrapping"}
    )


def _cell(cell: BaseOxmlElement) -> str:
    """A table cell on one line; its automatic numbers only count rows."""
    return " ".join(text for part in cell.xpath(".//w:p") if (text := " ".join(_text(part).split())))


def _joined(marker: str, text: str) -> str:
    """A number and its text; a figure does not run into the figures of the text."""
    return f"{marker} {text}" if marker and text[0].isdecimal() else marker + text


class Numbering:
    """Counts the paragraphs that Word numbers, as Word does."""

    def __init__(self, document: Document) -> None:
        parts = (rel.target_part for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.NUMBERING)
        part = next(parts, None)
        root = part.element if isinstance(part, XmlPart) else OxmlElement("w:numbering")
        self.lists = _by(root, "w:num", "w:numId")
        self.definitions = _by(root, "w:abstractNum", "w:abstractNumId")
        self.styles = _by(document.styles.element, "w:style", "w:styleId")
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()

    def marker(self, paragraph: BaseOxmlElement) -> str:
        """The number that Word shows before a paragraph, or nothing."""
        number, depth = self._used(paragraph)
        key, definition = self._definition(number)
        levels = _levels(definition)
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(key, {})
        self._count(number, depth, levels[depth], counts)
        if _value(levels[depth], "w:numFmt") == "bullet":
            return "•"
        text = _value(levels[depth], "w:lvlText")
        for level, element in levels.items():
            count = counts.get(level, _start(element))
            text = text.replace(f"%{level + 1}", _shown(count, _value(element, "w:numFmt")))
        return text

    def _count(self, number: str, depth: int, level: BaseOxmlElement, counts: dict[int, int]) -> None:
        """Count one more on a level; deeper levels begin anew, and so does a list that says so when it is first used."""
        override = _by(self.lists[number], "w:lvlOverride", "w:ilvl").get(str(depth))
        begin = _value(override, "w:startOverride") if (number, depth) not in self.begun else ""
        self.begun.add((number, depth))
        counts[depth] = int(begin) if begin else counts.get(depth, _start(level) - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]

    def _used(self, paragraph: BaseOxmlElement) -> tuple[str, int]:
        """Which list a paragraph belongs to and how deep, by itself or by its style."""
        holder: BaseOxmlElement | None = paragraph
        style, depth = _value(paragraph, "w:pPr/w:pStyle"), ""
        for _step in range(LONGEST_CHAIN):
            number = _value(holder, "w:pPr/w:numPr/w:numId")
            depth = depth or _value(holder, "w:pPr/w:numPr/w:ilvl")
            if number or holder is None:
                return number, int(depth or self._own_depth(number, holder))
            holder = self.styles.get(style)
            style = _value(holder, "w:basedOn")
        return "", 0

    def _own_depth(self, number: str, style: BaseOxmlElement | None) -> int:
        """The level that names a style as its own."""
        name = style.get(qn("w:styleId")) if style is not None else None
        levels = _levels(self._definition(number)[1])
        return next((depth for depth, level in levels.items() if name and _value(level, "w:pStyle") == name), 0)

    def _definition(self, number: str) -> tuple[str, BaseOxmlElement | None]:
        """A list's definition and its key, also where it lies behind a list style."""
        key = _value(self.lists.get(number), "w:abstractNumId")
        link = _value(self.definitions.get(key), "w:numStyleLink")
        linked = (one for one, found in self.definitions.items() if link and _value(found, "w:styleLink") == link)
        key = next(linked, key)
        return key, self.definitions.get(key)


def _by(parent: BaseOxmlElement, tag: str, attribute: str) -> dict[str, BaseOxmlElement]:
    """The children of one kind by one of their attributes."""
    return {child.get(qn(attribute), ""): child for child in parent.findall(qn(tag))}


def _value(element: BaseOxmlElement | None, path: str) -> str:
    """What an element says at a path, or nothing."""
    found = element.find(path, nsmap) if element is not None else None
    return "" if found is None else found.get(qn("w:val"), "")


def _levels(definition: BaseOxmlElement | None) -> dict[int, BaseOxmlElement]:
    """The levels of a list by depth."""
    return (
        {int(depth): one for depth, one in _by(definition, "w:lvl", "w:ilvl").items()} if definition is not None else {}
    )


def _start(level: BaseOxmlElement) -> int:
    """The number a level begins with."""
    return int(_value(level, "w:start") or 1)


def _shown(count: int, form: str) -> str:
    """A number in Word's number format; another format is named, which is no official number."""
    if form in NUMERAL_FORMATS and 0 < count < MOST_COUNTED:
        return chinese(count)
    if form in {"decimal", "decimalFullWidth", ""}:
        return str(count)
    return "" if form == "none" else f"[{form} {count}]"
