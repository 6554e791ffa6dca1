"""Files on disk, each encrypted with AES-256-GCM under a key that lives outside the database."""

import hashlib
import os
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from huyuan.common.keys import read_or_make_key

CURRENT_KEY = "k1"
NONCE = 12
THUMBNAIL = ".thumb"


def path_of(code: uuid.UUID, suffix: str = "") -> Path:
    """Where a file lies: two levels of folders, named by its code."""
    name = code.hex
    folder: Path = settings.MEDIA_ROOT
    return folder / name[:2] / name[2:4] / f"{name}{suffix}"


def write(code: uuid.UUID, content: bytes, suffix: str = "") -> None:
    """Encrypt and store; the file is whole or not there."""
    path = path_of(code, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher(CURRENT_KEY).encrypt(nonce, content, f"{code}{suffix}".encode())
    part = path.with_suffix(".part")
    part.write_bytes(sealed)
    part.replace(path)


def read(code: uuid.UUID, key_id: str, suffix: str = "") -> bytes | None:
    """The stored bytes, decrypted; None when the file is gone."""
    path = path_of(code, suffix)
    if not path.exists():
        return None
    sealed = path.read_bytes()
    return _cipher(key_id).decrypt(sealed[:NONCE], sealed[NONCE:], f"{code}{suffix}".encode())


def digest(content: bytes) -> str:
    """SHA-256 of what is stored."""
    return hashlib.sha256(content).hexdigest()


def _cipher(key_id: str) -> AESGCM:
    return AESGCM(read_or_make_key(settings.FILE_KEYS / f"{key_id}.key"))
