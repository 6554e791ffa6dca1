"""An alert as XML, the same bytes for the same alert."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from huyuan.emergency.cap.alert import Alert
from huyuan.emergency.cap.rules import check
from huyuan.emergency.cap.shapes import ALERT, Codec, Shape
from huyuan.emergency.cap.vocabulary import NAMESPACE

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml(alert: Alert) -> bytes:
    """Write an alert that keeps the rules."""
    check(alert)
    root = Element("alert", xmlns=NAMESPACE)
    _fill(root, alert, ALERT)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: Element, thing: Any, shape: Shape) -> None:
    for part in shape.parts:
        value = getattr(thing, part.name)
        for one in value if part.many else (value,):
            if not part.needed and not part.many and one in ("", None, ()):
                continue
            child = SubElement(element, part.tag)
            if isinstance(part.of, Codec):
                child.text = NOT_IN_XML.sub("", part.of.write(one))
            else:
                _fill(child, one, part.of)
