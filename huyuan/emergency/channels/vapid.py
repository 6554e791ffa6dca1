"""The key that signs web pushes: a browser subscribes to its public half."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from huyuan.common.keys import read_or_make_key

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def vapid_public_key() -> str:
    """What a page needs to subscribe: the uncompressed point, base64url without padding."""
    secret = int.from_bytes(read_or_make_key(settings.PUSH_KEY_FILE), "big")
    key = ec.derive_private_key(secret % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
