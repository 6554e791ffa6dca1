"""What has to come of each act in each trouble: written here, printed with the result, kept in docs/emergency-faults.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What people and engines do in an emergency."""

    PRESS = "press"
    PANEL = "panel"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    CLOSE = "close"


class Trouble(StrEnum):
    """What an installation suffers."""

    DATABASE_RESTART = "database_restart"
    DATABASE_DOWN = "database_down"
    DISK_FULL = "disk_full"
    DNS_DEAD = "dns_dead"
    GATEWAY_5XX = "gateway_5xx"
    GATEWAY_HANGING = "gateway_hanging"
    STREAM_CUT = "stream_cut"
    CLOCK_AHEAD = "clock_60_s_ahead"
    CLOCK_BEHIND = "clock_60_s_behind"


HOW = {
    Trouble.DATABASE_RESTART: "the server is shut down, cutting everybody off, and started again at once",
    Trouble.DATABASE_DOWN: "the server is away for the seconds given (30 in the full run); half way through, the web process that took the press and the withdrawal is killed",
    Trouble.DISK_FULL: "no process of this host can write a byte to a file (RLIMIT_FSIZE of 0), to the end; the database's own disk is another one and has room",
    Trouble.DNS_DEAD: "no name is found by anybody; the gateway is known by name, the database by its socket",
    Trouble.GATEWAY_5XX: "the gateway and the push service answer 503",
    Trouble.GATEWAY_HANGING: "the gateway and the push service take requests and do not answer",
    Trouble.STREAM_CUT: "the streams process is killed, and started again after the acts",
    Trouble.CLOCK_AHEAD: "the clock of the host of web and engine jumps 60 s ahead, to the end; the database's does not",
    Trouble.CLOCK_BEHIND: "the clock of the host of web and engine jumps 60 s back, to the end; the database's does not",
}


@dataclass(frozen=True)
class Outcome:
    """What has to come of one act in one trouble.

    `meanwhile`: done while the trouble lasts, within five seconds of the act. Else within fifteen seconds of its end.
    `held`: whoever presses is told within three seconds that the alarm is held, and never that it is stored before it is.
    """

    words: str
    meanwhile: bool = True
    held: bool = False


def later(words: str, *, held: bool = False) -> Outcome:
    """An outcome that has to wait for the end of the trouble."""
    return Outcome(words, meanwhile=False, held=held)


PANEL = "Stored once, and acknowledged within 5 s, with ACK only once it is stored; every page is accepted within 15 s."
PANEL_LATER = "Stored once, and acknowledged within 5 s, with ACK only once it is stored; all pages are accepted within 15 s of the end."
STORED = "Stored and acknowledged within 5 s, once; every page is accepted within 15 s."
SEEN = "Stored within 5 s, once, with its audit row."
CALLED_NEXT = "The next person is called within 5 s, once; the page is accepted within 15 s."
ENDED = "The withdrawal is stored within 5 s, once, and the incident ends."
PAGES_LATER = "Stored and acknowledged within 5 s, once; pages are tried again and all accepted within 15 s of the end, each under one key."
CALLED_PAGES_LATER = "The next person is called within 5 s, once; the page is accepted within 15 s of the end."
NOT_TOUCHED = {Act.PRESS: Outcome(STORED), Act.PANEL: Outcome(PANEL), Act.ACKNOWLEDGE: Outcome(SEEN), Act.ESCALATE: Outcome(CALLED_NEXT), Act.CLOSE: Outcome(ENDED)}  # fmt: skip
NO_WAY_OUT = NOT_TOUCHED | {
    Act.PRESS: Outcome(PAGES_LATER),
    Act.PANEL: Outcome(PANEL_LATER),
    Act.ESCALATE: Outcome(CALLED_PAGES_LATER),
}
SEEN_LATER = later(
    "Refused with an error while the database is away, nothing half written; the next tap after its return is stored, once."
)
PANEL_SILENT = later(
    "No answer while the database is away, so that the panel says the same again; ACK within 15 s of its return, only once it is stored, once."
)
CALLED_LATER = later("The next person is called within 15 s of the database's return, once, and the page accepted.")

OUTCOMES: dict[Trouble, dict[Act, Outcome]] = {
    Trouble.DATABASE_RESTART: {
        Act.PRESS: later("Held or stored; stored within 15 s of the database's return, once, and never acknowledged before."),
        Act.PANEL: PANEL_SILENT,
        Act.ACKNOWLEDGE: SEEN_LATER,
        Act.ESCALATE: CALLED_LATER,
        Act.CLOSE: later("Held or stored; stored within 15 s of the database's return, once, and the incident ends."),
    },
    Trouble.DATABASE_DOWN: {
        Act.PRESS: later(
            "The phone is told within 3 s that the alarm is held and not stored. It is stored within 15 s of the database's "
            "return, once, although the process that held it is dead, and is not acknowledged before.", held=True,
        ),
        Act.PANEL: PANEL_SILENT,
        Act.ACKNOWLEDGE: SEEN_LATER,
        Act.ESCALATE: CALLED_LATER,
        Act.CLOSE: later(
            "The withdrawal is held, told so within 3 s, and counts from when it was taken: within 15 s of the database's "
            "return the incident ends, although the process that held it is dead.", held=True,
        ),
    },
    Trouble.DISK_FULL: NOT_TOUCHED | {
        Act.PRESS: Outcome("Stored without the journal and acknowledged within 5 s, once; never answered as held. Pages as ever."),
        Act.CLOSE: Outcome("Stored without the journal within 5 s, once, and the incident ends."),
    },
    Trouble.DNS_DEAD: NO_WAY_OUT,
    Trouble.GATEWAY_5XX: NO_WAY_OUT,
    Trouble.GATEWAY_HANGING: NO_WAY_OUT,
    Trouble.STREAM_CUT: {
        act: Outcome(f"{outcome.words} The page catches up from the last event it knew.") for act, outcome in NOT_TOUCHED.items()
    },
    Trouble.CLOCK_AHEAD: NOT_TOUCHED | {
        Act.PRESS: Outcome(f"{STORED} Its time and its three clocks are the database's."),
        Act.ESCALATE: Outcome(f"{CALLED_NEXT} Neither earlier nor later than the database says."),
    },
    Trouble.CLOCK_BEHIND: NOT_TOUCHED | {
        Act.PRESS: Outcome(f"{STORED} Its time and its three clocks are the database's."),
        Act.ESCALATE: Outcome(f"{CALLED_NEXT} Neither earlier nor later than the database says."),
    },
}  # fmt: skip


def as_markdown() -> str:
    """The table as it stands in docs/emergency-faults.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for trouble, acts in OUTCOMES.items():
        yield from ("", f"## {trouble.value}", "", f"How: {HOW[trouble]}.", "", "| act | outcome |", "|---|---|")
        yield from (f"| {act.value} | {outcome.words} |" for act, outcome in acts.items())
