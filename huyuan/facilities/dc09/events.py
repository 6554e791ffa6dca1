"""What a frame says: codes of SIA DC-03 and of Contact ID as one value."""

import re
from dataclasses import dataclass
from enum import StrEnum

from huyuan.facilities.dc09.frames import Frame


class Kind(StrEnum):
    """What an event is about."""

    PANIC = "panic"
    HOLDUP = "holdup"
    MEDICAL = "medical"
    FIRE = "fire"
    TAMPER = "tamper"
    MAINS = "mains"
    BATTERY = "battery"
    TEST = "test"
    HEARTBEAT = "heartbeat"
    OTHER = "other"


ALARMS = frozenset({Kind.PANIC, Kind.HOLDUP, Kind.MEDICAL, Kind.FIRE})
TROUBLES = frozenset({Kind.TAMPER, Kind.MAINS, Kind.BATTERY})


class Unreadable(ValueError):
    """A frame of a known label whose data say nothing we understand."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its kind, its SIA code (Contact ID is turned into it), whether it is over, and the zone it names."""

    kind: Kind
    code: str
    restored: bool = False
    zone: str = ""

    @property
    def alarms(self) -> bool:
        """Whether somebody asks for help."""
        return self.kind in ALARMS and not self.restored


HEARTBEAT = Event(Kind.HEARTBEAT, "")
SUPPORTED = frozenset({"SIA-DCS", "ADM-CID", "NULL"})

# SIA code of the event → kind and the codes that say that it is over.
SIA: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "PA": (Kind.PANIC, ("PR", "PH")),
    "HA": (Kind.HOLDUP, ("HR", "HH")),
    "MA": (Kind.MEDICAL, ("MR", "MH")),
    "QA": (Kind.MEDICAL, ("QR", "QH")),
    "FA": (Kind.FIRE, ("FR", "FH")),
    "TA": (Kind.TAMPER, ("TR", "TH")),
    "AT": (Kind.MAINS, ("AR",)),
    "YT": (Kind.BATTERY, ("YR",)),
    "YM": (Kind.BATTERY, ()),
    "RP": (Kind.TEST, ()),
    "RX": (Kind.TEST, ()),
    "RY": (Kind.TEST, ()),
    "TX": (Kind.TEST, ()),
}
OVER = {over: (kind, code) for code, (kind, overs) in SIA.items() for over in overs}

# Contact ID of the event → SIA code.
CONTACT_ID = (
    {
        "100": "MA",
        "101": "QA",
        "102": "MA",
        "120": "PA",
        "121": "HA",
        "122": "HA",
        "123": "PA",
        "124": "HA",
        "125": "HA",
    }
    | dict.fromkeys(("110", "111", "112", "115", "117"), "FA")
    | dict.fromkeys(("137", "144", "145", "341", "383"), "TA")
    | {"301": "AT", "302": "YT", "309": "YT", "311": "YM", "384": "YT"}
    | {"601": "RX", "602": "RP", "603": "RP"}
)

SIA_DATA = re.compile(r"(?:#[0-9A-Fa-f]{3,16})?\|?[NO](?P<said>.*)", re.ASCII | re.DOTALL)
MODIFIER = re.compile(r"(?P<name>[a-z]{2})(?P<value>[0-9A-Za-z:-]*)", re.ASCII)
SAID = re.compile(r"(?P<code>[A-Z]{2})(?P<zone>[0-9A-F]{0,6})(?:[|^*].*)?", re.ASCII | re.DOTALL)
CID_DATA = re.compile(
    r"(?:#[0-9A-Fa-f]{3,16})?\|?(?P<qualifier>[136])(?P<number>[0-9A-F]{3}) (?P<group>[0-9A-F]{2}) (?P<zone>[0-9A-F]{3})",
    re.ASCII,
)


def read_event(frame: Frame) -> Event:
    """The event of a frame; of several in one frame the gravest."""
    if frame.label == "NULL":
        return HEARTBEAT
    events = read_contact_id(frame.data) if frame.label == "ADM-CID" else read_sia(frame.data)
    return min(events, key=lambda event: not event.alarms)


def read_sia(data: str) -> list[Event]:
    """The events of a SIA data block: N or O, then modifiers and codes with their zones between slashes."""
    match = SIA_DATA.fullmatch(data)
    events, area = [], ""
    for part in match["said"].split("/") if match else ():
        modifier, said = MODIFIER.fullmatch(part), SAID.fullmatch(part)
        if modifier:
            area = modifier["value"] if modifier["name"] == "ri" else area
        elif said:
            events.append(sia_event(said["code"], said["zone"] or area))
    if not events:
        raise Unreadable(data)
    return events


def sia_event(code: str, zone: str) -> Event:
    """The event of one SIA code."""
    if code in OVER:
        kind, about = OVER[code]
        return Event(kind, about, restored=True, zone=zone)
    kind, _ = SIA.get(code, (Kind.OTHER, ()))
    return Event(kind, code, zone=zone)


def read_contact_id(data: str) -> list[Event]:
    """The event of a Contact ID block: qualifier and number, group, zone."""
    match = CID_DATA.fullmatch(data)
    if match is None:
        raise Unreadable(data)
    code = CONTACT_ID.get(match["number"])
    kind = SIA[code][0] if code else Kind.OTHER
    return [Event(kind, code or match["number"], restored=match["qualifier"] == "3", zone=match["zone"])]


def names_account(frame: Frame) -> bool:
    """Whether the account inside the data, where there is one, is that of the header."""
    inner = re.match(r"#([0-9A-Fa-f]{3,16})\|", frame.data, re.ASCII)
    return inner is None or inner[1].upper() == frame.account
