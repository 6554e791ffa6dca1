"""Mutates frames by the million and counts what a receiver would have made of them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from huyuan.facilities.dc09.answers import Message, Refused, take
from huyuan.facilities.dc09.decoder import Decoder, Flood
from huyuan.facilities.dc09.frames import CR, HEADER, LF, Malformed, read_envelope, wrap
from huyuan.facilities.dc09.panel import Panel

NOW = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
SAID = (
    ("SIA-DCS", "NPA01"),
    ("SIA-DCS", "Nri1/FA129"),
    ("SIA-DCS", "NAT00"),
    ("SIA-DCS", "NRP0000"),
    ("ADM-CID", "1120 01 015"),
    ("ADM-CID", "3120 01 015"),
    ("ADM-CID", "1602 00 000"),
)
# Every so many frames the mutated body gets a right header again, so that what lies behind the checksum is reached.
RESEALED = 4


@dataclass
class Found:
    """What came of the frames.

    `accepted` counts the mutated frames that were taken with the meaning of the original (or of the frame that another
    one's end was spliced from), `collisions` those whose
    checksum happened to fit another content (one in 65,536 of those mutated beyond what a CRC finds), and `false_alarms`
    every alarm that the original did not give: by another account, of another kind, or where there was none. Resealed
    frames carry a right checksum on purpose and count for crashes only: plain ones are what their sender says.
    """

    frames: int = 0
    seed: int = 0
    resealed: int = 0
    accepted: int = 0
    collisions: int = 0
    false_alarms: int = 0
    crashes: int = 0
    crashed: list[str] = field(default_factory=list)


def mutate(frame: bytes, other: bytes, dice: random.Random) -> bytes:
    """Change a frame in one to four places."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        frame = dice.choice(MUTATIONS)(frame or LF, other, dice)
    return frame


def cut(frame: bytes, dice: random.Random) -> tuple[int, int]:
    """Two places in a frame, in order."""
    first, second = sorted((dice.randrange(len(frame) + 1), dice.randrange(len(frame) + 1)))
    return first, second


def flip(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Turn one bit over."""
    at = dice.randrange(len(frame))
    return frame[:at] + bytes([frame[at] ^ 1 << dice.randrange(8)]) + frame[at + 1 :]


def put(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Put another byte in place of one."""
    at = dice.randrange(len(frame))
    return frame[:at] + dice.choice((dice.randbytes(1), b"0", b"A", b"[", b"]", b"|", b"#", b'"')) + frame[at + 1 :]


def insert(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Insert a few bytes."""
    at = dice.randrange(len(frame) + 1)
    return frame[:at] + dice.randbytes(dice.randint(1, 8)) + frame[at:]


def remove(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Leave a piece out."""
    first, second = cut(frame, dice)
    return frame[:first] + frame[second:]


def repeat(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Say a piece twice."""
    first, second = cut(frame, dice)
    return frame[:second] + frame[first:]


def splice(frame: bytes, other: bytes, dice: random.Random) -> bytes:
    """Go on with the end of another frame."""
    return frame[: dice.randrange(len(frame) + 1)] + other[dice.randrange(len(other) + 1) :]


def swap_case(frame: bytes, _: bytes, dice: random.Random) -> bytes:
    """Write a piece in the other case."""
    first, second = cut(frame, dice)
    return frame[:first] + frame[first:second].swapcase() + frame[second:]


MUTATIONS: tuple[Callable[[bytes, bytes, random.Random], bytes], ...]
MUTATIONS = (flip, put, insert, remove, repeat, splice, swap_case)


def heard(stream: bytes, keys: dict[str, bytes | None]) -> Iterator[Message]:
    """The messages that a receiver takes from a stream of bytes."""
    try:
        for frame in Decoder().feed(stream):
            try:
                envelope = read_envelope(frame)
                if envelope.account in keys:
                    yield take(envelope, key=keys[envelope.account], now=NOW)
            except (Malformed, Refused):
                continue
    except Flood:
        return


def meaning(message: Message) -> tuple[object, ...]:
    """What a frame says, however it is written."""
    frame = message.frame
    return frame.label, frame.account, frame.sequence, frame.data.upper(), frame.extended, message.event


def reseal(frame: bytes) -> bytes:
    """Give a mutated frame the header that fits."""
    return wrap(frame.strip(LF + CR)[HEADER:].replace(LF, b"").replace(CR, b"")[:0xFFF])


def fuzz(*, frames: int, seed: int) -> dict[str, object]:
    """Mutate so many frames and count."""
    dice = random.Random(seed)  # noqa: S311  # reproducible, not secret
    panels = [Panel("A001"), Panel("A002"), Panel("B001", dice.randbytes(16)), Panel("B002", dice.randbytes(32))]
    keys = {panel.account: panel.key for panel in panels}
    found = Found(seed=seed)
    said: list[Message] = []
    other = LF + CR
    while found.frames < frames:
        label, data = dice.choice(SAID)
        panel = dice.choice(panels)
        frame = panel.say(data, now=NOW, label=label)
        said = [*heard(frame, keys), *said[:1]]
        for _ in range(min(16, frames - found.frames)):
            judge(mutate(frame, other, dice), said, keys, found)
        other = frame
    return asdict(found)


def judge(mutated: bytes, said: list[Message], keys: dict[str, bytes | None], found: Found) -> None:
    """Let one mutated frame be heard and count what came of it."""
    found.frames += 1
    resealed = found.frames % RESEALED == 0
    found.resealed += resealed
    try:
        messages = list(heard(reseal(mutated) if resealed else mutated, keys))
    except Exception as error:  # noqa: BLE001  # any escaping error is what is searched for
        found.crashes += 1
        found.crashed = [*found.crashed, f"{error!r} {mutated!r}"][:5]
        return
    if not resealed:
        for message in messages:
            same = meaning(message) in map(meaning, said)
            found.accepted += same
            found.collisions += not same
            found.false_alarms += false_alarm(message, said)


def false_alarm(message: Message, said: list[Message]) -> bool:
    """Whether somebody would be sent for what nobody asked."""
    asked = {(one.frame.account, one.event.kind) for one in said if one.event.alarms}
    return message.event.alarms and (message.frame.account, message.event.kind) not in asked
