"""The receiver's arithmetic against a foreign implementation of the standard, both ways."""

import socket
from datetime import UTC, datetime
from queue import SimpleQueue

import pytest
from pysiaalarm import CommunicationsProtocol, SIAAccount, SIAClient
from pysiaalarm.event import SIAEvent

from huyuan.facilities.dc09 import answers
from huyuan.facilities.dc09.events import Kind
from huyuan.facilities.dc09.frames import read_envelope, wrap
from huyuan.facilities.dc09.panel import Panel

SECRETS = [None, "0123456789ABCDEF", "0123456789ABCDEF01234567", "0123456789ABCDEF0123456789ABCDEF"]
PATIENCE = 20.0


def sent(protocol: CommunicationsProtocol, port: int, raw: bytes) -> bytes:
    """Send to the foreign server and return what it answers."""
    kind = socket.SOCK_STREAM if protocol is CommunicationsProtocol.TCP else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", port))
        connection.sendall(raw)
        return connection.recv(2000)


@pytest.mark.parametrize("protocol", list(CommunicationsProtocol))
@pytest.mark.parametrize("secret", SECRETS)
def test_the_foreign_server_takes_what_our_panel_says(secret, protocol):
    heard: SimpleQueue[SIAEvent] = SimpleQueue()
    server = SIAClient("127.0.0.1", 0, [SIAAccount("A001", secret)], heard.put, protocol)
    server.start(poll_interval=0.01)
    panel = Panel("A001", secret.encode() if secret else None)
    try:
        port = server.sia_server.server_address[1]
        # It answers before it reports, each frame in a thread of its own: the report is waited for.
        for label, data in [("SIA-DCS", "Nri1/PA01"), ("ADM-CID", "1120 01 015")]:
            answer = read_envelope(sent(protocol, port, panel.say(data, now=datetime.now(UTC), label=label)).strip())
            assert (answer.label, answer.sequence) == ("ACK", f"{panel.number:04d}")
            assert heard.get(timeout=PATIENCE).code == "PA"
        beat = read_envelope(sent(protocol, port, panel.beat(now=datetime.now(UTC))).strip())
        assert (beat.label, beat.encrypted) == ("ACK", secret is not None)
        assert heard.get(timeout=PATIENCE).code == "RP"
        assert heard.empty()
    finally:
        server.stop()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("label", "data", "kind"),
    [
        ("SIA-DCS", "#A001|NFA01", Kind.FIRE),
        ("ADM-CID", "#A001|1100 01 015", Kind.MEDICAL),
        ("NULL", "", Kind.HEARTBEAT),
    ],
)
def test_we_take_frames_that_the_foreign_library_enciphers_and_checks(secret, label, data, kind):
    now = datetime.now(UTC)
    content = f"{data}]{SIAEvent._get_timestamp()}"
    if secret:
        account = SIAAccount("A001", secret)
        content = SIAEvent(encrypted=True, sia_account=account, message_type=label).encrypt_content(f"|{content}")
    body = f'"{"*" if secret else ""}{label}"0007R0L0#A001[{content}'
    raw = f"{SIAEvent._crc_calc(body)}{len(body):04X}{body}".encode()
    assert wrap(body.encode()).strip() == raw
    key = secret.encode() if secret else None
    message = answers.take(read_envelope(raw), key=key, now=now)
    assert message.event.kind == kind
    ours = answers.acknowledge(message.frame, key=key, now=now).decode().strip()
    assert SIAEvent._crc_calc(ours[8:]) == ours[:4]
