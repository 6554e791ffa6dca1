"""A phone as the press address meets it: its key, its token, and what it does until its press is acknowledged."""

import http.client
import json
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from huyuan.emergency.actions.press_keys import register_key
from huyuan.emergency.press_address import CANCEL, PATH
from huyuan.emergency.tokens import encode, signed_bytes
from huyuan.organisations.models import School
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of

AGAIN = 0.5
# A phone that has heard nothing for so long sends again, as the page does.
PATIENCE = 4.0
HALF = 32


@dataclass(frozen=True)
class Signed:
    """One signed request; sent again it is the same."""

    identity: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Phone:
    """The phone of somebody who may press; the school is meant where none is named."""

    post: Post
    school: School
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    token: str = ""

    @classmethod
    def registered(cls, post: Post, school: School, now: datetime) -> "Phone":
        """A phone that its person has registered."""
        phone = cls(post, school)
        public = phone.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        made = register_key(public_key=encode(public), name="", by=reach_of(post.user, post), now=now)
        phone.token = made.token
        return phone

    def press(self, alarm_class: str, school: School | None = None) -> Signed:
        """A new real alarm."""
        identity = str(uuid.uuid4())
        said = {
            "identity": identity, "school": str((school or self.school).organisation.code), "alarm_class": alarm_class,
            "sign": "real", "source": "phone",
        }  # fmt: skip
        return self.signed(identity, PATH, said)

    def cancel(self, identity: str, reason: str) -> Signed:
        """The withdrawal of an alarm."""
        return self.signed(identity, f"{PATH}/{identity}/{CANCEL}", {"reason": reason})

    def signed(self, identity: str, path: str, said: dict[str, Any]) -> Signed:
        """A request as the page signs it."""
        body = json.dumps(said).encode()
        r, s = decode_dss_signature(self.key.sign(signed_bytes(path, body), ec.ECDSA(SHA256())))
        signature = encode(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))
        return Signed(
            identity, path, body,
            {
                "Authorization": f"Press {self.token}", "Press-Signature": signature, "Host": "localhost",
                "Content-Type": "application/json",
            },
        )  # fmt: skip


@dataclass
class Heard:
    """What a phone was answered, in order, with the second of each answer; 0 is no answer."""

    began: float = field(default_factory=time.monotonic)
    answers: list[tuple[float, int, str]] = field(default_factory=list)

    @property
    def tries(self) -> int:
        """How often it has asked."""
        return len(self.answers)

    @property
    def stored(self) -> bool:
        """Whether it was told that the alarm is stored."""
        return bool(self.answers) and self.answers[-1][1] in (200, 201) and self.answers[-1][2] != "held"

    @property
    def first(self) -> tuple[int, str]:
        """The first answer: status and state or error."""
        return self.answers[0][1:] if self.answers else (0, "")

    @property
    def stored_at(self) -> float | None:
        """The second in which it was told so."""
        return self.answers[-1][0] if self.stored else None


def send(signed: Signed, ports: Iterable[int], until: Callable[[], bool]) -> Heard:
    """Send until it is acknowledged, as the page does: held is asked after, everything else is sent again.

    The first port answers first, the last one from then on.
    """
    heard, ways = Heard(), list(ports)
    asking = False
    while not heard.stored and not until():
        port = ways.pop(0) if len(ways) > 1 else ways[0]
        began = time.monotonic()
        status, word = ask(signed, port, asking=asking)
        heard.answers.append((time.monotonic() - heard.began, status, word))
        asking = word == "held"
        if not heard.stored:
            time.sleep(max(0.0, AGAIN - (time.monotonic() - began)))
    return heard


def ask(signed: Signed, port: int, *, asking: bool = False) -> tuple[int, str]:
    """One request: its status and its state or error; 0 when nothing came back."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        if asking and signed.path == PATH:
            client.request(
                "GET", f"{PATH}/{signed.identity}", headers={"Authorization": signed.headers["Authorization"]}
            )
        else:
            client.request("POST", signed.path, signed.body, signed.headers)
        answer = client.getresponse()
        said = json.loads(answer.read())
        return answer.status, said.get("state") or said.get("error", "")
    except (OSError, http.client.HTTPException, ValueError):
        return 0, ""
    finally:
        client.close()
