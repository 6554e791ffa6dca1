"""Those outside the installation who act in a trouble: a phone, somebody who taps, an alarm panel."""

import socket
import time
from contextlib import suppress
from datetime import UTC, datetime

from django.db import DatabaseError, connection

from huyuan.common.clock import database_now
from huyuan.config.bench.faulting.children import Act, Wires
from huyuan.config.bench.faulting.scene import PANEL
from huyuan.config.bench.phones import PATIENCE, Signed, send
from huyuan.emergency.actions.responding import mark_seen
from huyuan.emergency.models import Call, Press
from huyuan.facilities.dc09.panel import Panel
from huyuan.organisations.models import School
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of

TAP_AGAIN = 1.0
PANIC = "NPA01"


def phoning(signed: Signed, ports: list[int]) -> Act:
    """A phone that sends until it is told that its wish is stored."""

    def act(wires: Wires) -> None:
        began = time.monotonic()
        heard = send(signed, ports, lambda: time.monotonic() > began + 120)
        wires.tell({"answers": heard.answers, "began": began, "stored": heard.stored})

    return act


def tapping(call: Call, post: Post) -> Act:
    """Somebody who taps “seen” until the page says that it is stored."""

    def act(wires: Wires) -> None:
        while True:
            try:
                mark_seen(call=call, by=reach_of(post.user, post), now=database_now())
            except DatabaseError:
                connection.close()
                wires.tell({"tap": "refused"})
                time.sleep(TAP_AGAIN)
            else:
                wires.tell({"tap": "stored"})
                return

    return act


def panelling(school: School, port: int) -> Act:
    """A panel that says the same again, under the same number, until it is acknowledged, and looks whether that is true."""

    def act(wires: Wires) -> None:
        answer = ""
        while answer != "ACK":
            answer = answered(port, Panel(PANEL).say(PANIC, now=datetime.now(UTC)))
            wires.tell({"tap": answer})
            if answer != "ACK":
                time.sleep(TAP_AGAIN)
        wires.tell({"stored": Press.objects.filter(school=school, source=Press.Source.PANEL).exists()})

    return act


def answered(port: int, frame: bytes) -> str:
    """What the receiver answers to a frame."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(frame)
        if answer := line.recv(4096):
            return Panel(PANEL).read(answer).label
    return "no answer"
