"""A phone with a key of its own, as the page on it has one."""

import json
import uuid

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from huyuan.emergency.tokens import encode, signed_bytes


class Phone:
    """Makes its key, signs what it sends."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        raw = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = encode(raw)
        self.token = ""

    def signature(self, path, body):
        r, s = decode_dss_signature(self.key.sign(signed_bytes(path, body), ec.ECDSA(SHA256())))
        return encode(r.to_bytes(32) + s.to_bytes(32))

    def headers(self, path, body):
        """The headers of a signed request."""
        return {"Authorization": f"Press {self.token}", "Press-Signature": self.signature(path, body)}


def press_body(**others):
    """A press as the page sends it."""
    given = {
        "identity": str(uuid.uuid4()),
        "sign": "real",
        "pressed_at": "2026-09-15T08:00:00+08:00",
        "source": "phone",
    }
    return json.dumps({**given, **others}).encode()
