"""Real processes on a test's own database, and clients that hold streams open."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from huyuan.config.settings import application_url, owner_url

ROOT = Path(__file__).resolve().parents[2]


def environment(database: str, **more: str) -> dict[str, str]:
    """The environment of a process that works on another database."""
    urls = {"DATABASE_URL": application_url, "DATABASE_OWNER_URL": owner_url}
    moved = {name: urlsplit(url)._replace(path=f"/{database}").geturl() for name, url in urls.items()}
    return {**os.environ, **moved, **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int, path: str, **headers: str) -> int:
    """The status a server answers with; the stream behind it is not read."""
    client = HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = client.getresponse().status
    client.close()
    return found


@contextmanager
def granian(database: str, interface: str, target: str) -> Iterator[int]:
    """A real server process; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers-kill-timeout", "2", "--no-ws", "--log-level", "warning", target]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database), start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                assert status(port, "/healthz") == 200
                break
            except (OSError, HTTPException):
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()


def session_of(user) -> str:
    """The key of a session in which a user is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


@dataclass
class Client:
    """A page that holds a stream open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(
        cls, port: int, session: str, *headers: str, query: str = "", path: str = "/streams/inbox"
    ) -> "Client":
        """Connect and wait until the stream has begun."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = [f"GET {path}{query} HTTP/1.1", "Host: localhost", f"Cookie: sessionid={session}", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        client = cls(reader, writer)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        assert head.startswith(b"HTTP/1.1 200"), head
        await client.until(b"id: ")
        return client

    async def until(self, wanted: bytes, seconds: float = 30) -> bytes:
        """Read until something comes, the whole line of it."""
        found = await asyncio.wait_for(self.reader.readuntil(wanted), seconds)
        return found + await asyncio.wait_for(self.reader.readuntil(b"\n"), seconds)

    async def ended(self, seconds: float = 30) -> None:
        """Wait until the server closes the answer."""
        await asyncio.wait_for(self.reader.readuntil(b"0\r\n\r\n"), seconds)

    def close(self) -> None:
        self.writer.close()
