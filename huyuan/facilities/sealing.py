"""Keys of panels: in the database only sealed, under a key that lies in a file beside it."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from huyuan.common.keys import read_or_make_key
from huyuan.facilities.models import Device

CURRENT_KEY = "devices1"
NONCE = 12


def seal(device: Device, key: bytes | None) -> None:
    """Put a key on a device, sealed; without one the device speaks in plain text."""
    if key is None:
        device.sealed_key, device.key_id = None, ""
        return
    nonce = os.urandom(NONCE)
    device.sealed_key = nonce + _cipher(CURRENT_KEY).encrypt(nonce, key, device.code.bytes)
    device.key_id = CURRENT_KEY


def key_of(device: Device) -> bytes | None:
    """The key of a device; None when it speaks in plain text."""
    if device.sealed_key is None:
        return None
    sealed = bytes(device.sealed_key)
    return _cipher(device.key_id).decrypt(sealed[:NONCE], sealed[NONCE:], device.code.bytes)


def _cipher(key_id: str) -> AESGCM:
    return AESGCM(read_or_make_key(settings.FILE_KEYS / f"{key_id}.key"))
