"""The receiver of alarm panels: SIA DC-09 over TCP and UDP on one port, for many panels at once.

A panel gets ACK only after its message is committed. When the database does not answer, the panel gets no answer at all:
NAK would say that the message was looked at and is wrong, and a panel may then set its clock, give the message up or
report that the line is fine. Silence makes it say the same again, under the same number, and try its second path.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.db.models import DateTimeField, Func

from huyuan.common.clock import database_now
from huyuan.emergency.actions.panels import take_message
from huyuan.facilities.actions.silence import listen
from huyuan.facilities.actions.strangers import note_refused
from huyuan.facilities.dc09.answers import Reason, Refused, acknowledge, refuse, take
from huyuan.facilities.dc09.decoder import Decoder, Flood
from huyuan.facilities.dc09.frames import Envelope, Malformed, read_envelope
from huyuan.facilities.models import Device
from huyuan.facilities.sealing import key_of

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

WORKERS = 8
CHUNK = 4096
# Messages waiting for the database; what comes beyond is not answered, so its panel says it again.
MOST_WAITING = 2_000
MOST_CONNECTIONS = 4_000
# Whoever has said nothing of use for so long is let go; a panel connects again by itself.
STRANGERS_PATIENCE, PANELS_PATIENCE = 30.0, 1_800.0
# Between a connection that is accepted and the first step of who looks after it, and between its end and its socket's.
LET_IN = 0.02
TENDED_EVERY = 2.0
MOST_COUNTED = 500


def respond(envelope: Envelope) -> tuple[bytes, Reason | None]:
    """Take a frame and say what to answer, and why it was refused if it was. For a thread: it waits for the database."""
    moment = Func(function="clock_timestamp", output_field=DateTimeField())
    rows = Device.objects.active().filter(account=envelope.account).select_related("county").annotate(now=moment)
    device: Any = rows.first()
    now = device.now if device else database_now()
    key = key_of(device) if device else None
    try:
        if device is None:
            raise Refused(Reason.ACCOUNT)
        message = take(envelope, key=key, now=now)
    except Refused as refusal:
        return refuse(envelope, refusal, key=key, now=now), refusal.reason
    take_message(device=device, message=message, now=now)
    return acknowledge(message.frame, key=key, now=now), None


@dataclass
class Receiver:
    """Listens on one port until told to end."""

    host: str
    port: int
    name: str
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(WORKERS, "panels"))
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    malformed: int = 0
    unanswered: int = 0
    waiting: int = 0
    connections: int = 0
    conversations: set["asyncio.Task[None]"] = field(default_factory=set)
    listening: bool = True

    async def run(self, ending: asyncio.Event, ready: Callable[[int], None] = lambda _port: None) -> None:
        """Answer panels; `ready` is told the port once both ways are open."""
        server = await asyncio.start_server(self.converse, self.host, self.port, limit=CHUNK)
        port = server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self), (self.host, port))
        await self.in_thread(lambda: self.say_listening(begins=True))
        ready(port)
        tending = loop.create_task(self.tend())
        try:
            await ending.wait()
        finally:
            tending.cancel()
            transport.close()
            server.close()
            await self.hang_up()

    async def hang_up(self) -> None:
        """End every connection; who has been let in a moment ago begins first, else nobody would close it."""
        await asyncio.sleep(LET_IN)
        for conversation in self.conversations:
            conversation.cancel()
        await asyncio.gather(*self.conversations, return_exceptions=True)
        await asyncio.sleep(LET_IN)

    async def in_thread(self, act: Callable[[], Result]) -> Result | None:
        """Do something that waits for the database; nothing when the database does not answer."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.workers, self.guarded, act)

    def guarded(self, act: Callable[[], Result]) -> Result | None:
        """Do it, and drop the connection when it is of no use any more."""
        try:
            return act()
        except DatabaseError as error:
            self.unanswered += 1
            if self.listening:
                logger.error("The database does not answer, panels get no ACK until it does: %s", error)
            self.listening = False
            connection.close()
            return None

    async def answer(self, frame: bytes) -> tuple[bytes, bool]:
        """What to answer to a frame, empty for nothing, and whether it was taken."""
        try:
            envelope = read_envelope(frame)
        except Malformed:
            self.malformed += 1
            return b"", False
        if self.waiting >= MOST_WAITING:
            self.unanswered += 1
            return b"", False
        self.waiting += 1
        try:
            answered = await self.in_thread(lambda: respond(envelope))
        finally:
            self.waiting -= 1
        if answered is None:
            return b"", False
        answer, reason = answered
        if reason is not None and len(self.refused) < MOST_COUNTED:
            self.refused[(envelope.account, reason.value)] += 1
        return answer, reason is None

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, frame after frame, until it ends, floods or says nothing for too long."""
        decoder, patience = Decoder(), STRANGERS_PATIENCE
        if conversation := asyncio.current_task():
            self.conversations.add(conversation)
            conversation.add_done_callback(self.conversations.discard)
        self.connections += 1
        try:
            while self.connections <= MOST_CONNECTIONS:
                chunk = await asyncio.wait_for(reader.read(CHUNK), patience)
                if not chunk:
                    break
                for frame in decoder.feed(chunk):
                    answer, taken = await self.answer(frame)
                    patience = PANELS_PATIENCE if taken else patience
                    writer.write(answer)
                    await asyncio.wait_for(writer.drain(), STRANGERS_PATIENCE)
        except (Flood, TimeoutError, ConnectionError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    async def tend(self) -> None:
        """Every two seconds say that we listen, and write down what was refused."""
        while True:
            await asyncio.sleep(TENDED_EVERY)
            await self.in_thread(self.say_listening)
            if self.refused:
                await self.in_thread(self.write_refused)

    def write_refused(self) -> None:
        """Write what was refused since the last time, and say so once in the log."""
        counted, self.refused = self.refused, Counter()
        logger.warning("%s frames were refused: %s", counted.total(), dict(counted.most_common(5)))
        note_refused(counted=counted, now=database_now())

    def say_listening(self, begins: bool = False) -> None:
        """Write that panels can be heard here."""
        listen(name=self.name, now=database_now(), begins=begins)
        if not self.listening:
            logger.warning("The database answers again; %s messages had no answer meanwhile.", self.unanswered)
        self.listening, self.unanswered = True, 0


class Datagrams(asyncio.DatagramProtocol):
    """Frames over UDP: each datagram stands alone, its answer goes where it came from."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # it is one
        """Keep the way back."""
        self.transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer in the background; beyond what can wait, not at all."""
        if len(self.tasks) < MOST_WAITING:
            task = asyncio.get_running_loop().create_task(self.reply(data, address))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def reply(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer every frame of a datagram."""
        try:
            for frame in Decoder().feed(data):
                answer, _taken = await self.receiver.answer(frame)
                if answer and not self.transport.is_closing():
                    self.transport.sendto(answer, address)
        except Flood:
            self.receiver.malformed += 1
