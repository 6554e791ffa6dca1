"""The streams process of an installation in trouble, and a page that listens to it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from huyuan.common.clock import database_now
from huyuan.common.reach import system_reach
from huyuan.config.bench.faulting.lane import Lane
from huyuan.config.embedded_postgres import APPLICATION_ROLE, OWNER_ROLE
from huyuan.notifications.actions import queue
from huyuan.people.models import User

START_SECONDS = 60.0
EVENT = re.compile(rb"\nid: (\d+)")


@dataclass
class Streams:
    """The process, and what the page knows."""

    lane: Lane
    user: User
    port: int
    session: str = ""
    known: int = 0
    missed: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    caught_up: bool = False

    @classmethod
    def opened(cls, lane: Lane, user: User) -> "Streams":
        """A streams process with a page that has been told everything so far."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        streams = cls(lane, user, port, session_of(user))
        streams.start()
        streams.tell()
        streams.known = streams.missed
        streams.come_back(after=0)
        if not streams.caught_up:
            raise AssertionError("the stream does not tell what there is")
        streams.caught_up = False
        return streams

    def start(self) -> None:
        """Start the real server and wait until it answers."""
        server, name = self.lane.installation.server, self.lane.name
        keys = self.lane.sink.folder / "keys"
        keys.mkdir(exist_ok=True)
        # Sessions are signed; the process is one of the same installation.
        (keys / "secret.key").write_text(settings.SECRET_KEY)
        environment = os.environ | {
            "DATABASE_URL": server.url(APPLICATION_ROLE, name), "DATABASE_OWNER_URL": server.url(OWNER_ROLE, name),
            "HUYUAN_VAR": str(self.lane.sink.folder),
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        command += ["--no-ws", "--log-level", "warning", "huyuan.config.asgi:application"]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self.listens():
            if time.monotonic() > deadline:
                raise AssertionError("the streams process does not answer")
            time.sleep(0.1)

    def listens(self) -> bool:
        """Whether the port is open."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def kill(self) -> None:
        """Kill it with all its workers."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tell(self) -> None:
        """Something is said to the person."""
        by = system_reach(self.user.county_id)
        told = queue("inspection:complete", to=[self.user], by=by, now=database_now(), school=self.user.name, count=1)
        self.missed = told[0].pk
        connections.close_all()

    def come_back(self, after: int | None = None) -> None:
        """The page connects again, as browsers do, and reads what it missed."""
        last = self.known if after is None else after
        lines = [
            "GET /streams/inbox HTTP/1.1",
            "Host: localhost",
            f"Cookie: sessionid={self.session}",
            f"Last-Event-ID: {last}",
        ]
        with suppress(TimeoutError), socket.create_connection(("127.0.0.1", self.port), timeout=10) as stream:
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = b""
            while chunk := stream.recv(4096):
                answer += chunk
                if self.missed in {int(found) for found in EVENT.findall(answer)} and b"event: inbox" in answer:
                    self.caught_up = True
                    return


def session_of(user: User) -> str:
    """The key of a session in which somebody is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
