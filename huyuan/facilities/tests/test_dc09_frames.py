"""Frames and events of SIA DC-09 against golden bytes."""

from datetime import UTC, datetime, timedelta

import pytest
from Crypto.Cipher import AES

from huyuan.facilities.dc09 import answers, events, frames
from huyuan.facilities.dc09.decoder import Decoder, Flood
from huyuan.facilities.dc09.events import Event, Kind
from huyuan.facilities.dc09.frames import Frame, Malformed, Undecipherable, build, open_envelope, read_envelope
from huyuan.facilities.dc09.panel import Panel

NOW = datetime(2026, 9, 15, 1, 0, 0, tzinfo=UTC)
KEYS = {size: bytes(range(size)) for size in (16, 24, 32)}

# Body, and the header worked out by long division of its bits by x^16 + x^15 + x^2 + 1.
GOLDEN = [
    ('"SIA-DCS"0001R0L0#A001[#A001|NPA01]_01:00:00,09-15-2026', Event(Kind.PANIC, "PA", zone="01")),
    ('"SIA-DCS"0002R1L7#A001[#A001|Nri3/FA]', Event(Kind.FIRE, "FA", zone="3")),
    ('"SIA-DCS"0003L0#1234[#1234|NHR005][SGate house]', Event(Kind.HOLDUP, "HA", restored=True, zone="005")),
    ('"ADM-CID"0004R0L0#A001[#A001|1120 01 015]', Event(Kind.PANIC, "PA", zone="015")),
    ('"ADM-CID"9999R0L0#A001[#A001|3301 00 000]', Event(Kind.MAINS, "AT", restored=True, zone="000")),
    ('"NULL"0000R0L0#ABCDEF0123456789[]', events.HEARTBEAT),
]


def divided(body: bytes) -> int:
    """The remainder of the body's bits, least significant first, by the polynomial of the standard."""
    bits = [byte >> place & 1 for byte in body for place in range(8)] + [0] * 16
    divisor = [1, 1, *[0] * 12, 1, 0, 1]
    for start in range(len(bits) - 16):
        if bits[start]:
            for place, bit in enumerate(divisor):
                bits[start + place] ^= bit
    return sum(bit << place for place, bit in enumerate(bits[-16:]))


def read(raw: bytes, key: bytes | None = None) -> Frame:
    """The frame in bytes that arrived alone."""
    (inside,) = Decoder().feed(raw)
    return open_envelope(read_envelope(inside), key)


def test_the_checksum_has_the_published_check_value():
    assert frames.checksum(b"123456789") == 0xBB3D == divided(b"123456789")


@pytest.mark.parametrize(("body", "event"), GOLDEN)
def test_golden_frames_are_read_and_built_byte_for_byte(body, event):
    raw = b"\n" + f"{divided(body.encode()):04X}{len(body):04X}{body}".encode() + b"\r"
    frame = read(raw)
    assert build(frame) == raw
    assert events.read_event(frame) == event


@pytest.mark.parametrize("size", [16, 24, 32])
def test_an_encrypted_frame_is_what_another_cipher_library_makes_of_it(size):
    plain = b"PADPADPADPADP|#A001|NPA01]_01:00:00,09-15-2026"
    plain = b"7" * (-len(plain) % 16) + plain
    sealed = AES.new(KEYS[size], AES.MODE_CBC, bytes(16)).encrypt(plain).hex().upper()
    body = f'"*SIA-DCS"0001R0L0#A001[{sealed}'
    raw = b"\n" + f"{divided(body.encode()):04X}{len(body):04X}{body}".encode() + b"\r"
    frame = read(raw, KEYS[size])
    assert (frame.data, frame.stamp, frame.encrypted) == ("#A001|NPA01", NOW, True)
    padding = plain.split(b"|")[0].decode()
    rebuilt = build(frame, KEYS[size], lambda length: padding[:length])
    assert read(rebuilt, KEYS[size]) == frame


def test_padding_fills_whole_blocks_and_makes_equal_messages_unequal():
    panel = Panel("A001", KEYS[16])
    first, second = panel.beat(now=NOW), panel.beat(now=NOW)
    assert first != second
    assert len(first.partition(b"[")[2].rstrip(b"\r")) % 32 == 0
    assert panel.read(first) == panel.read(second)


def test_a_panel_counts_from_9999_to_0001():
    panel = Panel("A001", number=9998)
    numbers = [panel.read(panel.say("NRP", now=NOW)).sequence for _ in range(3)]
    assert numbers == ["9999", "0001", "0002"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1] + b"]",
        lambda raw: raw.replace(b"NPA", b"NFA"),
        lambda raw: b"0000" + raw[4:],
        lambda raw: raw[:4] + b"0FFF" + raw[8:],
        lambda raw: raw[:4] + b"+032" + raw[8:],
        lambda raw: b"",
        lambda raw: raw[:20],
    ],
)
def test_a_damaged_frame_is_no_frame(damage):
    raw = Panel("A001").say("NPA01", now=NOW).strip(b"\r\n")
    with pytest.raises(Malformed):
        read_envelope(damage(raw))


def test_another_key_does_not_open_a_frame():
    raw = Panel("A001", KEYS[16]).say("NPA01", now=NOW)
    with pytest.raises(Undecipherable):
        read(raw, bytes(16))
    with pytest.raises(Undecipherable):
        read(raw)


def test_of_several_events_in_one_frame_the_gravest_counts():
    frame = read(Panel("A001").say("NAT00/PA02/TA03", now=NOW))
    assert events.read_event(frame) == Event(Kind.PANIC, "PA", zone="02")


def test_what_is_no_code_we_know_is_another_event_and_not_lost():
    assert events.read_event(read(Panel("A001").say("NBA07^Back door^", now=NOW))) == Event(Kind.OTHER, "BA", zone="07")
    assert events.read_event(read(Panel("A001").say("1999 01 003", now=NOW, label="ADM-CID"))).code == "999"


def test_half_frames_several_at_once_and_noise_are_cut_right():
    panel = Panel("A001")
    said = [panel.say(f"NPA0{zone}", now=NOW) for zone in range(3)]
    decoder, found = Decoder(), []
    stream = b"noise" + said[0] + said[1] + b"\nhalf a frame" + said[2]
    for byte in stream:
        found += decoder.feed(bytes([byte]))
    assert found == [raw.strip(b"\r\n") for raw in said] == list(Decoder().feed(stream))


def test_a_frame_of_a_megabyte_is_refused_with_a_frame_s_memory():
    decoder, taken = Decoder(), 0
    with pytest.raises(Flood):
        for _ in range(1024):
            list(decoder.feed(b"\n" * (taken == 0) + b"A" * 1024))
            taken += 1024
    assert taken < 5000
    assert len(decoder.inside) < 6200
    with pytest.raises(Flood):
        list(Decoder().feed(b"A" * 1_000_000))


def taken(raw: bytes, key: bytes | None = None, now: datetime = NOW) -> answers.Message:
    (inside,) = Decoder().feed(raw)
    return answers.take(read_envelope(inside), key=key, now=now)


@pytest.mark.parametrize(("seconds", "fits"), [(-41, False), (-40, True), (0, True), (20, True), (21, False)])
def test_an_encrypted_frame_fits_from_40_seconds_late_to_20_early(seconds, fits):
    raw = Panel("A001", KEYS[16]).say("NPA01", now=NOW + timedelta(seconds=seconds))
    if fits:
        assert taken(raw, KEYS[16]).event.kind == Kind.PANIC
    else:
        with pytest.raises(answers.Refused) as refused:
            taken(raw, KEYS[16])
        assert (refused.value.reason, refused.value.answer) == (answers.Reason.CLOCK, "NAK")


def test_a_plain_alarm_is_never_refused_for_its_clock():
    assert taken(Panel("A001").say("NPA01", now=NOW - timedelta(hours=1))).event.alarms


@pytest.mark.parametrize(
    ("raw", "key", "reason", "answer"),
    [
        (Panel("A001").say("NPA01", now=NOW), KEYS[16], "plain", "NAK"),
        (Panel("A001", KEYS[24]).say("NPA01", now=NOW), KEYS[16], "key", "NAK"),
        (Panel("A001", KEYS[16]).say("NPA01", now=NOW), None, "key", "NAK"),
        (Panel("A001").say("NPA01", now=NOW, label="XYZ-1"[:3]), None, "label", "DUH"),
        (Panel("A001").say("hello", now=NOW), None, "data", "DUH"),
        (Panel("A001").frame("SIA-DCS", "#B002|NPA01", now=NOW), None, "data", "DUH"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(raw, key, reason, answer):
    with pytest.raises(answers.Refused) as refused:
        taken(raw, key)
    assert (refused.value.reason, refused.value.answer) == (reason, answer)


def test_answers_repeat_the_numbers_and_are_encrypted_when_the_frame_was():
    panel = Panel("A001", KEYS[32], number=41)
    message = taken(panel.say("NPA01", now=NOW), KEYS[32])
    for label in ("ACK", "RSP"):
        answer = answers.acknowledge(message.frame, key=KEYS[32], now=NOW, label=label)
        assert answer.startswith(b"\n") and f'"*{label}"0042R0L0#A001['.encode() in answer
        assert panel.read(answer).stamp == NOW
    plain = taken(Panel("B001").say("NPA01", now=NOW))
    assert answers.acknowledge(plain.frame, key=None, now=NOW)[9:] == b'"ACK"0001R0L0#B001[]\r'


def test_nak_tells_our_time_in_plain_words_and_duh_the_numbers():
    panel = Panel("A001", KEYS[16])
    envelope = read_envelope(panel.say("NPA01", now=NOW).strip(b"\r\n"))
    nak = answers.refuse(envelope, answers.Refused(answers.Reason.CLOCK), key=KEYS[16], now=NOW)
    assert nak[9:] == b'"NAK"0000R0L0A0[]_01:00:00,09-15-2026\r'
    duh = answers.refuse(envelope, answers.Refused(answers.Reason.DATA), key=KEYS[16], now=NOW)
    assert panel.read(duh).label == "DUH"
