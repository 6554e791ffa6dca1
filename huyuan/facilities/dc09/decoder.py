"""Cuts a stream of bytes into frames; keeps no more than one frame in memory, whatever arrives."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from huyuan.facilities.dc09.frames import CR, HEADER, LF, LONGEST_BODY

LONGEST = HEADER + LONGEST_BODY
# What a panel may send between two frames before it is no panel.
LONGEST_NOISE = 4096


class Flood(ValueError):
    """More bytes than a frame has without an end: the connection is to be closed."""


@dataclass
class Decoder:
    """Gives what stands between LF and CR, frame by frame, as the bytes come in."""

    inside: bytearray | None = None
    noise: int = field(default=0)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take what was read and give each frame that is complete by now; a new LF drops a half frame before it."""
        while chunk:
            if self.inside is None:
                chunk = self.skip_noise(chunk)
                continue
            piece, end, rest = chunk.partition(CR)
            if LF in piece:
                self.inside.clear()
                piece = piece.rpartition(LF)[2]
            self.inside += piece
            if len(self.inside) > LONGEST:
                raise Flood("a frame without end")
            if end:
                whole, self.inside = bytes(self.inside), None
                yield whole
            chunk = rest

    def skip_noise(self, chunk: bytes) -> bytes:
        """Drop what stands before the next LF."""
        before, start, rest = chunk.partition(LF)
        self.noise += len(before)
        if self.noise > LONGEST_NOISE:
            raise Flood("no frame at all")
        if start:
            self.inside, self.noise = bytearray(), 0
        return rest
