"""A lane: a copy of the county with processes of its own, in which one cell is tried after another."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.test.utils import override_settings

from huyuan.config.bench.faulting.children import Act, Child
from huyuan.config.bench.faulting.installation import Installation
from huyuan.config.bench.faulting.roles import web
from huyuan.config.bench.faulting.sink import Sink
from huyuan.config.bench.faulting.verdict import Judge
from huyuan.config.bench.phones import Phone

LOG = "log"
PUSHES_HERE = "UPDATE emergency_pushsubscription SET endpoint = %s"


@dataclass
class Lane:
    """What a cell works with."""

    name: str
    installation: Installation
    sink: Sink
    judge: Judge
    port: int = 0
    pages: int = 0
    children: list[Child] = field(default_factory=list)

    @property
    def phones(self) -> list[Phone]:
        """The phones of the county, one a school."""
        return self.installation.scene.phones

    def start(self, act: Act) -> Child:
        """A process that lives until the lane ends, or is killed before."""
        child = Child(act)
        self.children.append(child)
        return child

    def start_web(self, around: Callable[[Act], Act] | None = None) -> tuple[Child, int]:
        """A web process and its port; `around` puts something around what it does."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        act = web(listener)
        child = self.start(around(act) if around else act)
        port: int = listener.getsockname()[1]
        listener.close()
        return child, port


@contextmanager
def opened(installation: Installation, name: str) -> Iterator[Lane]:
    """A lane with its database, its folders and its gateway; all its processes end with it. Only in a child."""
    folder: Path = installation.folder / name
    folder.mkdir()
    with (folder / LOG).open("ab") as log:
        # What the processes of a lane complain of is what we do to them.
        os.dup2(log.fileno(), sys.stderr.fileno())
    installation.clone(name)
    sink = Sink(folder)
    with (
        override_settings(JOURNAL=folder / "journal", GATEWAY_URL=f"{sink.url}/send"),
        installation.owner(name) as owner,
    ):
        owner.execute(PUSHES_HERE, [f"{sink.url}/push"])
        sink.start()
        lane = Lane(name, installation, sink, Judge(owner, sink))
        try:
            yield lane
        finally:
            for child in lane.children:
                child.end()
            sink.end()
    installation.drop(name)


def said(installation: Installation) -> str:
    """The ends of what the lanes have written."""
    return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(installation.folder.glob(f"*/{LOG}")))
