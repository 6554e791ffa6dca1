"""What stands around the product while an alarm runs: the alarm engine's process, the gateway, a system outside."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from huyuan.emergency.cap.alert import Alert
from huyuan.emergency.cap.reading import read_alert
from tests.browser import PATIENCE
from tests.engine.serving import ROOT, environment

GATEWAY, OUTSIDE = "/gateway", "/cap"


class Taking(BaseHTTPRequestHandler):
    """Takes whatever is posted."""

    server: "Around"

    def do_POST(self) -> None:  # the name that the library asks for
        """Keep one body; the answer says that it was taken."""
        self.server.keep(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


class Around(ThreadingHTTPServer):
    """The gateway for messages and calls, and a receiver outside, on this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.letters: list[dict[str, str]] = []
        self.posted: list[bytes] = []
        self.more = threading.Condition()

    def keep(self, path: str, body: bytes) -> None:
        with self.more:
            if path == GATEWAY:
                self.letters.append(json.loads(body))
            else:
                self.posted.append(body)
            self.more.notify_all()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def alerts(self, count: int) -> dict[str, Alert]:
        """The different messages that the receiver outside was told, once there are so many."""
        with self.more:
            self.more.wait_for(lambda: len(set(self.posted)) >= count, PATIENCE / 1000)
            return {alert.identifier: alert for alert in map(read_alert, self.posted)}


@contextmanager
def listening() -> Iterator[Around]:
    """Both of them, from now on."""
    around = Around()
    thread = threading.Thread(target=around.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield around
    finally:
        around.shutdown()
        thread.join()
        around.server_close()


@contextmanager
def alarms(database: str, around: Around) -> Iterator[None]:
    """The alarm engine as a process of its own; what it sends goes to the gateway and the receiver of the test."""
    more = {"HUYUAN_GATEWAY_URL": around.url(GATEWAY), "HUYUAN_INSIDE_RECEIVERS": "127.0.0.0/8"}
    command = [sys.executable, "manage.py", "run_alarms"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database, **more), start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
