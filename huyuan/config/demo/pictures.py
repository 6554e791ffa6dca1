"""Photos for the demo, drawn: what is wrong at a place, and the same place put right."""

import io
import random
from collections.abc import Callable
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
GREEN: Colour = (46, 160, 87)
RED: Colour = (196, 58, 48)
DARK: Colour = (62, 66, 72)
STEEL: Colour = (128, 136, 146)
PALE: Colour = (226, 222, 210)


def photo(scene: str, *, fine: bool, at: datetime) -> bytes:
    """A JPEG of a scene, broken or put right, with the time in its corner as phones print it."""
    image = _lit(_drawn(scene, fine), random.Random(f"{scene} {at:%c}"))  # noqa: S311  # light, not a secret
    stamp = f"{at:%Y-%m-%d %H:%M}"
    ImageDraw.Draw(image).text((SIZE[0] - 170, SIZE[1] - 30), stamp, fill=(250, 220, 90), font_size=18)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _drawn(scene: str, fine: bool) -> Image.Image:
    image = Image.new("RGB", SIZE, PALE)
    SCENES[scene](ImageDraw.Draw(image), fine)
    return image.filter(ImageFilter.GaussianBlur(0.8))


def _lit(image: Image.Image, draw: random.Random) -> Image.Image:
    """Uneven light and a slightly turned hand, so that it looks taken, not drawn."""
    light = Image.linear_gradient("L").rotate(draw.choice([0, 90, 180, 270])).resize(SIZE)
    mask = light.point([level // 3 for level in range(256)])
    shaded = Image.composite(Image.new("RGB", SIZE, (20, 24, 34)), image, mask)
    return shaded.rotate(draw.uniform(-2.5, 2.5), Image.Resampling.BILINEAR, fillcolor=DARK)


def _floor(pen: Draw, colour: Colour = (170, 164, 152)) -> None:
    pen.rectangle((0, 350, 640, 480), fill=colour)
    for x in range(-200, 900, 90):
        pen.line((x, 480, 320 + (x - 320) // 3, 350), fill=(150, 144, 132), width=2)


def corridor(pen: Draw, fine: bool) -> None:
    """A corridor with an exit sign, lit or dark, and a way that is clear or blocked."""
    _floor(pen)
    pen.polygon([(0, 0), (190, 80), (190, 350), (0, 480)], fill=(206, 202, 190))
    pen.polygon([(640, 0), (450, 80), (450, 350), (640, 480)], fill=(198, 194, 182))
    pen.rectangle((230, 140, 410, 350), fill=(122, 92, 66))
    pen.line((320, 140, 320, 350), fill=DARK, width=4)
    pen.rectangle((262, 92, 378, 130), fill=GREEN if fine else (70, 78, 74))
    pen.polygon([(282, 111), (306, 98), (306, 124)], fill=(240, 250, 240) if fine else (92, 100, 96))
    pen.rectangle((306, 107, 360, 115), fill=(240, 250, 240) if fine else (92, 100, 96))
    if not fine:
        for x, y, w, h in ((120, 330, 110, 90), (205, 360, 120, 80), (150, 280, 80, 60)):
            pen.rectangle((x, y, x + w, y + h), fill=(178, 142, 92), outline=(110, 84, 50), width=3)


def gate(pen: Draw, fine: bool) -> None:
    """The gate with its sliding bars and the guard's room."""
    pen.rectangle((0, 0, 640, 210), fill=(178, 206, 226))
    _floor(pen, (146, 146, 148))
    pen.rectangle((30, 130, 190, 350), fill=(232, 226, 212), outline=DARK, width=4)
    pen.rectangle((60, 180, 160, 260), fill=(104, 150, 184))
    pen.rectangle((560, 110, 610, 360), fill=(150, 96, 74))
    for x in range(200, 560 if fine else 420, 26):
        pen.line((x, 230, x, 355), fill=STEEL, width=8)
    pen.line((195, 240, 560 if fine else 420, 240), fill=STEEL, width=8)
    for x in range(240, 560, 80):
        if fine:
            pen.rectangle((x, 380, x + 22, 430), fill=(220, 180, 40), outline=DARK, width=2)


def wall(pen: Draw, fine: bool) -> None:
    """The wall round the campus, whole or with a gap."""
    pen.rectangle((0, 0, 640, 380), fill=(186, 210, 222))
    pen.rectangle((0, 380, 640, 480), fill=(112, 138, 88))
    for row, y in enumerate(range(150, 390, 30)):
        for x in range(-40 + (row % 2) * 30, 680, 60):
            if fine or not (250 < x + 30 < 390 and y < 330):
                pen.rectangle((x, y, x + 58, y + 28), fill=(176, 104, 82), outline=(130, 72, 56), width=2)
    if fine:
        for x in range(0, 640, 22):
            pen.polygon([(x, 150), (x + 8, 118), (x + 16, 150)], fill=STEEL)


def kit(pen: Draw, fine: bool) -> None:
    """The rack with shield, forks and helmets."""
    pen.rectangle((60, 40, 580, 440), fill=(92, 100, 112), outline=DARK, width=6)
    pen.ellipse((110, 110, 250, 330), fill=(40, 48, 60), outline=(200, 206, 214), width=5)
    for number, x in enumerate((310, 360, 410)):
        if fine or number == 0:
            pen.line((x, 90, x, 410), fill=(200, 206, 214), width=9)
            pen.arc((x - 24, 50, x + 24, 120), 0, 180, fill=(200, 206, 214), width=8)
    for number, y in enumerate((110, 220, 330)):
        if fine or number != 1:
            pen.pieslice((470, y, 550, y + 80), 180, 360, fill=(30, 60, 120))
        else:
            pen.rectangle((470, y + 36, 550, y + 44), fill=(70, 78, 90))


def cabinet(pen: Draw, fine: bool) -> None:
    """A hydrant cabinet with its extinguishers, the pointer in the green or in the red."""
    _floor(pen)
    pen.rectangle((180, 70, 460, 360), fill=RED if fine else (150, 70, 62), outline=DARK, width=6)
    for x in (230, 330):
        pen.rounded_rectangle(
            (x, 170, x + 74, 340), 26, fill=(214, 44, 40) if fine else (160, 62, 56), outline=DARK, width=3
        )
        pen.rectangle((x + 26, 140, x + 48, 172), fill=DARK)
    pen.ellipse((290, 90, 350, 150), fill=(240, 240, 236), outline=DARK, width=4)
    pen.line((320, 120, 338 if fine else 300, 102 if fine else 132), fill=GREEN if fine else RED, width=6)


def screen(pen: Draw, fine: bool) -> None:
    """The wall of the guard's room with the pictures of nine cameras."""
    pen.rectangle((40, 30, 600, 420), fill=(28, 30, 34), outline=DARK, width=10)
    for number in range(9):
        x, y = 60 + number % 3 * 180, 50 + number // 3 * 122
        dead = not fine and number in (1, 5, 6)
        pen.rectangle((x, y, x + 168, y + 110), fill=(16, 18, 22) if dead else (96 + number * 8, 120, 130))
        if dead:
            pen.line((x + 60, y + 35, x + 108, y + 75), fill=(120, 126, 132), width=5)
            pen.line((x + 108, y + 35, x + 60, y + 75), fill=(120, 126, 132), width=5)
        else:
            pen.polygon([(x, y + 110), (x + 60, y + 50), (x + 110, y + 50), (x + 168, y + 110)], fill=(150, 148, 140))
    pen.rectangle((250, 420, 390, 460), fill=DARK)


def folder(pen: Draw, fine: bool) -> None:
    """A ledger on a desk, written or empty."""
    pen.rectangle((0, 0, 640, 480), fill=(146, 108, 74))
    pen.polygon([(120, 70), (540, 90), (560, 420), (90, 410)], fill=(250, 248, 240), outline=DARK)
    for number, y in enumerate(range(120, 400, 32)):
        pen.line((130, y, 535, y + 8), fill=(170, 180, 196), width=2)
        for x in range(150, 510, 40):
            if fine or number < 2:
                pen.line((x, y - 12, x + 26, y - 10), fill=(40, 60, 130), width=4)
    pen.line((480, 380, 610, 440), fill=DARK, width=10)


def bus(pen: Draw, fine: bool) -> None:
    """A yellow bus, its tyre sound or worn."""
    pen.rectangle((0, 0, 640, 240), fill=(182, 208, 226))
    _floor(pen, (120, 120, 122))
    pen.rounded_rectangle((60, 110, 580, 370), 30, fill=(238, 184, 40), outline=DARK, width=5)
    for x in range(90, 520, 86):
        pen.rectangle((x, 150, x + 68, 230), fill=(116, 160, 190), outline=DARK, width=3)
    for x in (130, 440):
        pen.ellipse((x, 320, x + 100, 420), fill=(34, 34, 36))
        pen.ellipse((x + 32, 352, x + 68, 388), fill=STEEL)
    if not fine:
        pen.polygon([(440, 390), (540, 380), (520, 424), (455, 424)], fill=(120, 120, 122))
    pen.rectangle((540, 250, 572, 300), fill=(250, 244, 200) if fine else (90, 84, 70))


SCENES: dict[str, Callable[[Draw, bool], None]] = {
    "corridor": corridor, "gate": gate, "wall": wall, "kit": kit, "cabinet": cabinet, "screen": screen,
    "folder": folder, "bus": bus,
}  # fmt: skip
