"""The secrets shared with receivers outside, kept so that a stolen database gives none of them away."""

import base64
import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from huyuan.common.keys import read_or_make_key

CURRENT_KEY = "receivers1"
NONCE = 12


def seal(secret: str, code: UUID) -> str:
    """Encrypt the secret of the receiver with this code; says in front which key opens it."""
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher(CURRENT_KEY).encrypt(nonce, secret.encode(), code.bytes)
    return f"{CURRENT_KEY}:{base64.b64encode(sealed).decode()}"


def unseal(kept: str, code: UUID) -> str:
    """The secret as it was given."""
    key_id, _colon, text = kept.partition(":")
    sealed = base64.b64decode(text)
    return _cipher(key_id).decrypt(sealed[:NONCE], sealed[NONCE:], code.bytes).decode()


def _cipher(key_id: str) -> AESGCM:
    return AESGCM(read_or_make_key(settings.FILE_KEYS / f"{key_id}.key"))
