"""The gateway and the push service of the installation under attack: a child that notes what reaches it."""

import json
import socket
import time
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

from huyuan.config.bench.faulting.children import Child, Wires

HANGS = 30.0


class Mode(StrEnum):
    """How the gateway is."""

    WELL = "well"
    BROKEN = "broken"
    HANGING = "hanging"


class Handler(BaseHTTPRequestHandler):
    """Takes one letter after another."""

    protocol_version = "HTTP/1.1"
    sink: "Sink"

    def do_POST(self) -> None:
        """Note the key, and answer as the mode says."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode, at = self.sink.mode(), time.monotonic()
        while mode is Mode.HANGING and time.monotonic() - at < HANGS:
            time.sleep(0.05)
            mode = self.sink.mode()
        if mode is Mode.WELL:
            self.sink.note(self.path, self.headers, body)
        self.send_response(201 if mode is Mode.WELL else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@dataclass
class Sink:
    """The gateway as its lane sees it."""

    folder: Path
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=256))
    child: Child | None = None

    @property
    def url(self) -> str:
        """Where it listens; by name, so that a dead name service is felt."""
        return f"http://localhost:{self.listener.getsockname()[1]}"

    def start(self) -> None:
        """Listen in a child."""
        self.become(Mode.WELL)
        self.child = Child(self.serve)

    def serve(self, _wires: Wires) -> None:
        """Take letters until killed."""
        handler = type("Handler", (Handler,), {"sink": self})
        with ThreadingHTTPServer(self.listener.getsockname(), handler, bind_and_activate=False) as server:
            server.socket.close()
            server.socket = self.listener
            server.serve_forever(poll_interval=0.05)

    def become(self, mode: Mode) -> None:
        """Be well, broken or hanging from now on."""
        part = self.folder / "mode.part"
        part.write_text(mode)
        part.replace(self.folder / "mode")

    def mode(self) -> Mode:
        """How it is now."""
        return Mode((self.folder / "mode").read_text())

    def note(self, path: str, headers: Any, body: bytes) -> None:
        """Keep what came, in one write."""
        if path == "/push":
            said = {"key": str(UUID(headers["Topic"])), "to": "push", "kind": "push"}
        else:
            letter = json.loads(body)
            said = {"key": headers["Idempotency-Key"], "to": letter["to"], "kind": letter["kind"]}
        with (self.folder / "heard.jsonl").open("ab", buffering=0) as file:
            file.write(json.dumps(said).encode() + b"\n")

    def heard(self) -> list[dict[str, str]]:
        """Everything that came since the last clearing."""
        path = self.folder / "heard.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def clear(self) -> None:
        """Forget what came."""
        (self.folder / "heard.jsonl").unlink(missing_ok=True)

    def end(self) -> None:
        """Stop listening."""
        if self.child is not None:
            self.child.end()
        self.listener.close()
