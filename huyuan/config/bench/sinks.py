"""Local HTTP receivers that take anything and note when which alarm reached them; as little work as can be."""

import asyncio
import json
import re
import sys
import time

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
KEY = re.compile(rb"\r\nidempotency-key: *([^\r]+)", re.IGNORECASE)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"

heard: list[tuple[int, float, str, list[str]]] = []


class Sink(asyncio.Protocol):
    """One connection to one receiver."""

    def __init__(self, receiver: int) -> None:
        self.receiver = receiver
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport if isinstance(transport, asyncio.Transport) else None

    def data_received(self, data: bytes) -> None:
        """Note every whole request at the moment it is there."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer and self.transport is not None:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            key = KEY.search(head)
            codes = [code.decode() for code in UUID.findall(rest[:size])]
            heard.append((self.receiver, time.monotonic(), key[1].decode() if key else "", codes))
            self.buffer = rest[size:]
            self.transport.write(ANSWER)


async def serve(count: int) -> None:
    """Listen on so many ports and print them; when the input ends, print what was heard."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda n=number: Sink(n), "127.0.0.1", 0) for number in range(count)]  # type: ignore[misc]  # the default is bound now
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
