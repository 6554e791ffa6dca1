"""Frames of SIA DC-09: reading and building them, plain and encrypted.

A frame is LF, four digits of checksum, four of length, the body, CR. The body is
"label" sequence R… L… #account [data] [extended data] _timestamp; with an asterisk before the label everything after the
first bracket is AES-CBC in hexadecimal digits, led by padding and a bar.
"""

import re
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

LF, CR = b"\n", b"\r"
# Three digits of length are all that the header has room for.
LONGEST_BODY = 0xFFF
HEADER = 8
BLOCK = 16
KEY_SIZES = (16, 24, 32)
STAMP = "_%H:%M:%S,%m-%d-%Y"
PADDING = string.ascii_letters + string.digits

BODY = re.compile(
    r'"(?P<star>\*?)(?P<label>[A-Z][A-Z-]{1,9})"(?P<sequence>\d{4})'
    r"(?:R(?P<receiver>[0-9A-Fa-f]{1,6}))?L(?P<line>[0-9A-Fa-f]{1,6})"
    r"(?:#(?P<account>[0-9A-Fa-f]{3,16})|A0)\[(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
CONTENT = re.compile(
    r"(?P<data>[^\[\]]*)\](?P<extended>(?:\[[^\[\]]*\])*)(?P<stamp>_\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})?", re.ASCII
)
PADDED = re.compile(r"[^|\[\]]{0,31}\|(?P<content>.*)", re.DOTALL)
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{32})+", re.ASCII)


class Malformed(ValueError):
    """These bytes are no frame; the standard has no answer to them, and the panel will say it again."""


class Undecipherable(ValueError):
    """A whole frame whose content does not open with the key of its account."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What can be read of a frame without a key."""

    label: str
    encrypted: bool
    sequence: str
    receiver: str
    line: str
    account: str
    rest: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that was opened, or one to be built."""

    label: str
    sequence: str
    account: str
    data: str = ""
    extended: tuple[str, ...] = ()
    stamp: datetime | None = None
    receiver: str = "0"
    line: str = "0"
    encrypted: bool = field(default=False)


def checksum(body: bytes) -> int:
    """CRC-16 with the polynomial 8005 reflected, from zero, over the body."""
    crc = 0
    for byte in body:
        crc = crc >> 8 ^ REMAINDERS[(crc ^ byte) & 0xFF]
    return crc


def remainder(byte: int) -> int:
    """What one byte leaves of the checksum."""
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
    return byte


REMAINDERS = [remainder(byte) for byte in range(256)]


def wrap(body: bytes) -> bytes:
    """Put the header before a body and the ends around it."""
    return LF + b"%04X%04X" % (checksum(body), len(body)) + body + CR


def unwrap(frame: bytes) -> bytes:
    """The body of what stood between LF and CR, when checksum and length agree."""
    header, body = frame[:HEADER], frame[HEADER:]
    try:
        crc, length = int(header[:4].decode("ascii"), 16), int(header[4:].decode("ascii"), 16)
    except ValueError as error:
        raise Malformed("no header") from error
    if not header.isalnum() or length != len(body) or length > LONGEST_BODY:
        raise Malformed("another length")
    if crc != checksum(body):
        raise Malformed("another checksum")
    return body


def read_envelope(frame: bytes) -> Envelope:
    """Read what stood between LF and CR as far as it goes without a key."""
    match = BODY.fullmatch(unwrap(frame).decode("latin-1"))
    if match is None:
        raise Malformed("no body")
    return Envelope(
        label=match["label"],
        encrypted=bool(match["star"]),
        sequence=match["sequence"],
        receiver=match["receiver"] or "",
        line=match["line"],
        account=(match["account"] or "").upper(),
        rest=match["rest"],
    )


def open_envelope(envelope: Envelope, key: bytes | None) -> Frame:
    """The frame in an envelope, deciphered where it is encrypted."""
    content = decipher(envelope.rest, key) if envelope.encrypted else envelope.rest
    match = CONTENT.fullmatch(content)
    refusal = Undecipherable if envelope.encrypted else Malformed
    if match is None:
        raise refusal("no content")
    return Frame(
        label=envelope.label,
        sequence=envelope.sequence,
        account=envelope.account,
        data=match["data"],
        extended=tuple(match["extended"][1:-1].split("][")) if match["extended"] else (),
        stamp=read_stamp(match["stamp"], refusal) if match["stamp"] else None,
        receiver=envelope.receiver,
        line=envelope.line,
        encrypted=envelope.encrypted,
    )


def read_stamp(text: str, refusal: type[ValueError]) -> datetime:
    """The time a frame carries; the standard keeps it in UTC."""
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise refusal("no time") from error


def decipher(rest: str, key: bytes | None) -> str:
    """The content behind its padding."""
    if key is None:
        raise Undecipherable("no key")
    if not HEXADECIMAL.fullmatch(rest):
        raise Malformed("not enciphered")
    opener = cipher(key).decryptor()
    match = PADDED.fullmatch((opener.update(bytes.fromhex(rest)) + opener.finalize()).decode("latin-1"))
    if match is None:
        raise Undecipherable("another key")
    return match["content"]


def encipher(content: str, key: bytes, padding: Callable[[int], str]) -> str:
    """Padding, a bar and the content, in hexadecimal digits of whole blocks."""
    whole = f"|{content}".encode("latin-1")
    whole = padding(BLOCK - len(whole) % BLOCK).encode("ascii") + whole
    sealer = cipher(key).encryptor()
    return (sealer.update(whole) + sealer.finalize()).hex().upper()


def cipher(key: bytes) -> Cipher[modes.CBC]:
    """AES-CBC from a block of zeros, as the standard has it: what varies is the padding in front."""
    return Cipher(algorithms.AES(key), modes.CBC(bytes(BLOCK)))


def random_padding(length: int) -> str:
    """Padding that makes equal messages unequal."""
    return "".join(secrets.choice(PADDING) for _ in range(length))


def build(frame: Frame, key: bytes | None = None, padding: Callable[[int], str] = random_padding) -> bytes:
    """The bytes of a frame, enciphered when it says so."""
    extended = "".join(f"[{part}]" for part in frame.extended)
    content = f"{frame.data}]{extended}{frame.stamp.astimezone(UTC).strftime(STAMP) if frame.stamp else ''}"
    if frame.encrypted:
        if key is None:
            raise Undecipherable("no key")
        content = encipher(content, key, padding)
    star = "*" if frame.encrypted else ""
    receiver = f"R{frame.receiver}" if frame.receiver else ""
    account = f"#{frame.account}" if frame.account else "A0"
    head = f'"{star}{frame.label}"{frame.sequence}{receiver}L{frame.line}{account}['
    return wrap((head + content).encode("latin-1"))
