"""The processes of the installation under attack, as children run them: the product's own code, nothing replaced."""

import asyncio
import socket
import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from huyuan.config.bench.faulting.children import Act, Wires
from huyuan.config.engine import steps
from huyuan.emergency.engine import Engine
from huyuan.emergency.panels import Receiver
from huyuan.emergency.press_address import PressAddress


class Server(ThreadingMixIn, WSGIServer):
    """A thread a request, as blocking web workers have."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def web(listener: socket.socket) -> Act:
    """A web process with the real press address behind an open port; pages are not asked for."""

    def act(_wires: Wires) -> None:
        host, port = listener.getsockname()
        with Server((host, port), Quiet, bind_and_activate=False) as server:
            server.socket.close()
            server.socket = listener
            server.server_name, server.server_port = host, port
            server.setup_environ()
            server.set_app(PressAddress(no_pages))
            server.serve_forever(poll_interval=0.05)

    return act


def no_pages(_environ: Any, _start: Any) -> list[bytes]:
    """Nobody asks for pages here."""
    raise LookupError("only the press address is served here")


def engine(_wires: Wires) -> None:
    """An alarm engine."""
    asyncio.run(run_engine())


async def run_engine() -> None:
    """Run it in this loop."""
    await Engine().run()


def panels(wires: Wires) -> None:
    """The receiver of alarm panels; tells its port."""
    asyncio.run(run_panels(wires))


async def run_panels(wires: Wires) -> None:
    """Run it in this loop."""
    await Receiver("127.0.0.1", 0, "here").run(asyncio.Event(), lambda port: wires.tell({"port": port}))


def drainer(_wires: Wires) -> None:
    """The draining of journals, in the rhythm that the engine process gives it."""
    next(step for step in steps() if step.name == "drain").repeat(threading.Event())
