"""Why a message cannot be used; the sentences for people stand in `emergency.cap_words`."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a message."""

    SIZE = "size"
    EMPTY = "empty"
    NOT_XML = "not_xml"
    DOCTYPE = "doctype"
    DEEP = "deep"
    NAMESPACE = "namespace"
    ROOT = "root"
    UNEXPECTED = "unexpected"
    MISSING = "missing"
    DATE = "date"
    WORD = "word"
    NUMBER = "number"
    MARK = "mark"
    REFERENCE = "reference"
    REFERENCES = "references"
    POLYGON = "polygon"
    PLACE = "place"
    RESTRICTION = "restriction"
    ADDRESSES = "addresses"


class CapProblem(Exception):
    """A message breaks the standard or the bounds; `detail` names the element or shows the value."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
