"""Finding, describing and ending the processes of one installation."""

import errno
import os
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

# Every child carries it in its environment, and so does whatever a child starts: granian's workers outlive their
# main process, and neither their numbers nor their command lines would give them away.
MARK = "HUYUAN_SERVED_FROM"
# Else the name that a process gives itself would be written over its environment, and the mark with it.
KEEP_ENVIRONMENT = {"SPT_NOENV": "1"}


def mark_of(var: Path) -> str:
    """The value of the mark for the installation with this data folder."""
    return str(var.resolve())


def marked(var: Path) -> dict[str, str]:
    """What every process of the installation with this data folder must find in its environment."""
    return {MARK: mark_of(var)} | KEEP_ENVIRONMENT


def processes_of(var: Path) -> list[psutil.Process]:
    """All living processes that belong to an installation, save its supervisor."""
    mark, found = mark_of(var), []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def end_processes(processes: Iterable[psutil.Process], *, patience: float) -> None:
    """Ask processes to end, and kill those that do not in time."""
    asked = list(processes)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in asked:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(sign)
        asked = still_alive(asked, patience)


def still_alive(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes and return those that live on; dead ones nobody has collected do not count."""
    deadline = time.monotonic() + seconds
    while processes and time.monotonic() < deadline:
        processes = [process for process in processes if lives(process)]
        time.sleep(0.02)
    return processes


def lives(process: psutil.Process) -> bool:
    """Whether a process still does anything."""
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def signal_group(group: int, sign: signal.Signals) -> None:
    """Send a signal to every process of a group, or to who is to lead it and has not got so far yet; should any be left."""
    try:
        os.killpg(group, sign)
    except ProcessLookupError:
        with suppress(ProcessLookupError):
            os.kill(group, sign)


def port_is_free(host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether nobody listens; granian would share a port in silence."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        # Over UDP two who ask for it share a port, and each hears a part.
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def listener(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> psutil.Process | None:
    """The process that listens on a port, if the system tells us."""
    listening = psutil.CONN_LISTEN if kind == socket.SOCK_STREAM else psutil.CONN_NONE
    with suppress(psutil.Error):
        for connection in psutil.net_connections("inet"):
            if (connection.type, connection.status) != (kind, listening) or not connection.pid:
                continue
            if connection.laddr.port == port:
                return psutil.Process(connection.pid)
    return None


def describe(process: psutil.Process) -> str:
    """The command of a process, as far as the system tells us."""
    try:
        return " ".join(process.cmdline()) or str(process.name())
    except psutil.Error:
        return "?"
