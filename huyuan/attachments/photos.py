"""Photos: checked by content, turned upright, re-encoded without place and device; the time taken is kept as data."""

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from huyuan.common.errors import Invalid

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_SIDE = 1920
THUMB_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")
TAKEN_AT = 36867
EXIF = 0x8769
NOT_A_PHOTO = _("This file is not a photo. Take it again with the camera, or choose a JPEG, PNG or WebP picture.")


@dataclass(frozen=True)
class Photo:
    """A clean photo and its small copy, both JPEG."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    captured_at: datetime | None


def clean_photo(raw: bytes) -> Photo:
    """Re-encode a photo; raises Invalid when the bytes are not a picture we take."""
    if len(raw) > MAX_BYTES:
        raise Invalid(_("The photo is larger than 20 MB. Take it with a smaller resolution."))
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid(_("The picture has too many points. Take it with a smaller resolution."))
            captured_at = _captured_at(image)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(NOT_A_PHOTO) from error
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    small = upright.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return Photo(_jpeg(upright, 82), _jpeg(small, 75), upright.width, upright.height, captured_at)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _captured_at(image: Image.Image) -> datetime | None:
    taken = image.getexif().get_ifd(EXIF).get(TAKEN_AT)
    try:
        return datetime.strptime(str(taken), "%Y:%m:%d %H:%M:%S").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    except ValueError:
        return None
