"""Who may press, provable without the database: a token that the server signs, bound to a key that never leaves a phone.

Pure: keys lie in files, the time is given.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from huyuan.common.keys import read_or_make_key

VERSION = "p1"
FIRST_KEY = "k1"
LIFE = timedelta(days=14)
KEY_BYTES = 32
POINT_BYTES, SIGNATURE_BYTES = 65, 64
# A header of a request is held small by every proxy; who may press for more schools than this has the county.
MOST_SCHOOLS = 40


class Fault(StrEnum):
    """What is wrong with a token or a signature."""

    MISSING = "no_token"
    UNKNOWN = "bad_token"
    EXPIRED = "expired"
    BAD_SIGNATURE = "bad_signature"


class Refused(Exception):
    """This is not proved."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Holder:
    """Who presses: a person in a post, on a phone, for some schools or for any of the county.

    `home` is the school meant by a press that names none.
    """

    person: int
    post: int
    county: int
    key: UUID
    public_key: str
    schools: Mapping[UUID, str]
    whole_county: bool
    home: UUID | None
    issued: datetime

    @property
    def expires(self) -> datetime:
        """Until when the token is good."""
        return self.issued + LIFE

    def may_press_for(self, school: UUID) -> bool:
        """Whether the token names the school; who has the whole county may name any, and the database judges."""
        return self.whole_county or school in self.schools


@dataclass(frozen=True)
class Signer:
    """Signs and proves tokens with keys from a folder that all web processes of a county have alike.

    The newest key by name signs; an older one proves what it signed for as long as its file is there.
    """

    folder: Path

    def sign(self, holder: Holder) -> str:
        """A token for a holder."""
        newest = max((path.stem for path in self.folder.glob("*.key")), default=FIRST_KEY)
        payload = f"{VERSION}.{newest}.{encode(json.dumps(plain(holder), ensure_ascii=False).encode())}"
        return f"{payload}.{encode(seal(read_or_make_key(self.folder / f'{newest}.key'), payload))}"

    def holder(self, token: str, now: datetime) -> Holder:
        """Whose token it is; refuses what we did not sign and what is over."""
        payload, _, given = token.rpartition(".")
        version, _, rest = payload.partition(".")
        name, _, body = rest.partition(".")
        if version != VERSION or not hmac.compare_digest(self.expected(name, payload), decode(given)):
            raise Refused(Fault.UNKNOWN)
        holder = holder_of(json.loads(decode(body)))
        if holder.expires <= now:
            raise Refused(Fault.EXPIRED)
        return holder

    def expected(self, name: str, payload: str) -> bytes:
        """The seal that a payload must carry, under a key we have."""
        # Looked for among those that are there: a name from outside never becomes a path.
        path = next((path for path in self.folder.glob("*.key") if path.stem == name), None)
        key = read_or_make_key(path) if path else b""
        if len(key) != KEY_BYTES:
            raise Refused(Fault.UNKNOWN)
        return seal(key, payload)


def seal(key: bytes, payload: str) -> bytes:
    """The keyed digest of a payload."""
    return hmac.digest(key, b"huyuan press token\n" + payload.encode(), hashlib.sha256)


def check_signed(public_key: str, path: str, body: bytes, signature: str) -> None:
    """Prove that the phone signed these bytes for this address."""
    raw = decode(signature)
    half = SIGNATURE_BYTES // 2
    if len(raw) != SIGNATURE_BYTES:
        raise Refused(Fault.BAD_SIGNATURE)
    der = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
    try:
        point_of(public_key).verify(der, signed_bytes(path, body), ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Refused(Fault.BAD_SIGNATURE) from error


def signed_bytes(path: str, body: bytes) -> bytes:
    """What a phone signs: the address it sends to, and exactly the bytes it sends."""
    return f"POST {path}\n".encode() + body


def point_of(public_key: str) -> ec.EllipticCurvePublicKey:
    """The public key of a phone; raises ValueError for anything that is none."""
    raw = decode(public_key)
    if len(raw) != POINT_BYTES:
        raise ValueError("no uncompressed point of P-256")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def plain(holder: Holder) -> dict[str, Any]:
    """A holder as it stands in a token."""
    return {
        "person": holder.person, "post": holder.post, "county": holder.county, "key": str(holder.key),
        "public_key": holder.public_key, "schools": {str(code): name for code, name in holder.schools.items()},
        "whole_county": holder.whole_county, "home": str(holder.home) if holder.home else None, "issued": int(holder.issued.timestamp()),
    }  # fmt: skip


def holder_of(said: dict[str, Any]) -> Holder:
    """The holder that a proved token names."""
    return Holder(
        person=said["person"], post=said["post"], county=said["county"], key=UUID(said["key"]),
        public_key=said["public_key"], whole_county=said["whole_county"],
        schools={UUID(code): name for code, name in said["schools"].items()},
        home=UUID(said["home"]) if said["home"] else None,
        issued=datetime.fromtimestamp(said["issued"]).astimezone(),
    )  # fmt: skip


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes behind base64url without padding; nothing for what is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
