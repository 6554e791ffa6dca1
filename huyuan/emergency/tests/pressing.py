"""A phone with a key of its own, as the page on it has one."""

import json
import threading
import uuid
from concurrent.futures import wait

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection

from huyuan.emergency.holding import THREADS
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


def end(holding):
    """End what takes presses, with the database connections of its threads."""
    holding.closing.set()
    if holding.retrying is not None:
        holding.retrying.join()
    close_connections(holding.attempts, THREADS)
    close_connections(holding.again, 1)
    holding.close()


def close_connections(pool, threads):
    """Close the connection of every thread of a pool: none takes a second of these tasks before all have one."""
    met = threading.Barrier(threads)

    def close():
        met.wait()
        connection.close()

    wait([pool.submit(close) for _ in range(threads)])
