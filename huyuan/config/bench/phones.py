"""A phone as the press address meets it: a key of its own, a token, signed requests."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from huyuan.emergency.models import PressKey
from huyuan.emergency.tokens import Holder, Signer, encode, signed_bytes
from huyuan.organisations.models import School
from huyuan.people.models import Post

PATH = "/alarm/press"


@dataclass
class Phone:
    """The phone of a person who may press for one school."""

    post: Post
    school: School
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    token: str = ""

    @property
    def public_key(self) -> str:
        """The half that the server knows."""
        return encode(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def register(self, now: datetime) -> None:
        """Let the server know the key and sign a token for it."""
        kept = PressKey.objects.create(
            user_id=self.post.user_id, public_key=self.public_key, made_at=now, renewed_at=now, name="bench"
        )
        named = {self.school.organisation.code: self.school.organisation.name}
        self.token = Signer(settings.PRESS_KEYS).sign(
            Holder(
                person=self.post.user_id, post=self.post.pk, county=self.school.county_id, home=self.school.organisation.code, key=kept.code,
                public_key=self.public_key, schools=named, whole_county=False, issued=now,
            )
        )  # fmt: skip

    def press(self, alarm_class: str, sign: str = "real") -> tuple[str, bytes, dict[str, str]]:
        """A new press: its identity, the bytes to send and their headers; sent again they are the same press."""
        said: dict[str, Any] = {
            "identity": str(uuid.uuid4()),
            "alarm_class": alarm_class,
            "sign": sign,
            "source": "phone",
        }
        body = json.dumps(said).encode()
        r, s = decode_dss_signature(self.key.sign(signed_bytes(PATH, body), ec.ECDSA(SHA256())))
        signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        headers = {
            "Authorization": f"Press {self.token}", "Press-Signature": signature, "Content-Type": "application/json",
        }  # fmt: skip
        return said["identity"], body, headers
