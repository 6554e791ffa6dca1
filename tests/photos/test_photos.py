"""Photos: what is kept of them, what is refused, who sees them."""

import io
import struct
import zlib
from functools import partial

import pytest
from django.urls import reverse
from PIL import Image

from factories import NOW, begun_check, photo, signed_check
from huyuan.attachments import actions as attachments
from huyuan.attachments import store
from huyuan.attachments.models import Attachment
from huyuan.attachments.photos import LONG_SIDE, clean_photo
from huyuan.common.errors import Invalid
from huyuan.inspections.actions import checks


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize("raw", [
    b"", b"GIF89a\x01\x00\x01\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", photo()[:300],
    png_header(60_000, 60_000),
], ids=["empty", "gif", "svg", "pdf", "cut off", "bomb"])  # fmt: skip
def test_what_is_not_a_whole_photo_is_refused_with_a_sentence(raw):
    with pytest.raises(Invalid):
        clean_photo(raw)


def test_device_and_place_are_gone_and_the_picture_is_bounded():
    large = Image.new("RGB", (4000, 3000), (120, 130, 140))
    exif = large.getexif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (28.0, 50.0, 0.0)
    out = io.BytesIO()
    large.save(out, "JPEG", exif=exif)
    clean = clean_photo(out.getvalue())
    assert max(clean.width, clean.height) == LONG_SIDE
    for content in (clean.content, clean.thumbnail):
        assert b"PhoneMaker" not in content
        assert not Image.open(io.BytesIO(content)).getexif()


@pytest.fixture
def kept(cast):
    check = begun_check(cast)
    key = next(check.checklist.items()).key
    return checks.photograph_item(inspection=check, item_key=key, raw=photo(), by=cast.reach("station"), now=NOW)


def test_a_stored_file_says_nothing_without_its_key(kept):
    sealed = store.path_of(kept.code).read_bytes()
    assert b"JFIF" not in sealed
    content = store.read(kept.code, kept.key_id)
    assert content is not None
    assert store.digest(content) == kept.digest


def test_a_photo_is_seen_by_who_sees_its_check(cast, kept, sign_in):
    url = reverse("attachments:show", args=[kept.code])
    seen = {
        part: sign_in(cast.users[part]).get(url).status_code for part in ("head", "bureau", "guard", "other_station")
    }
    assert seen == {"head": 200, "bureau": 200, "guard": 404, "other_station": 404}


def test_who_sees_a_hazard_sees_the_photos_of_its_item_and_no_other(cast, sign_in):
    check = signed_check(cast)
    by = cast.reach("station")
    failed = check.hazards.get()
    attach = partial(
        attachments.attach_photos, [photo()], owner_kind=checks.OWNER, owner_code=check.code, by=by, now=NOW
    )
    [evidence], [other] = attach(place=failed.item_key), attach(place="facility_fire")
    teacher = sign_in(cast.teacher)
    assert teacher.get(reverse("attachments:show", args=[evidence.code])).status_code == 200
    assert teacher.get(reverse("attachments:show", args=[other.code])).status_code == 404


def test_a_lost_file_is_not_found(cast, kept, sign_in):
    store.path_of(kept.code).unlink()
    assert sign_in(cast.head).get(reverse("attachments:show", args=[kept.code])).status_code == 404
    assert Attachment.objects.filter(pk=kept.pk).exists()
