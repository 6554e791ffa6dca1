"""Keys that live in files beside the database, never inside it."""

import os
import secrets
from pathlib import Path


def read_or_make_key(path: Path) -> bytes:
    """Read the 32-byte key in `path`; the first caller makes it, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())
