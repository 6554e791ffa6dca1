"""Keeping files."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huyuan.attachments import store
from huyuan.attachments.models import Attachment
from huyuan.attachments.photos import Photo, clean_photo
from huyuan.audit import actions as audit
from huyuan.common.reach import Reach


@transaction.atomic
def attach_photos(
    raws: Iterable[bytes], *, owner_kind: str, owner_code: uuid.UUID, place: str, by: Reach, now: datetime
) -> list[Attachment]:
    """Clean photos and keep them with their record, all or none; the caller has checked that `by` may add to it."""
    photos = [clean_photo(raw) for raw in raws]
    return [_keep(photo, owner_kind, owner_code, place, by, now) for photo in photos]


def _keep(photo: Photo, owner_kind: str, owner_code: uuid.UUID, place: str, by: Reach, now: datetime) -> Attachment:
    attachment = Attachment.objects.create(
        county_id=by.county_id, owner_kind=owner_kind, owner_code=owner_code, place=place,
        digest=store.digest(photo.content), key_id=store.CURRENT_KEY, media_type="image/jpeg", size=len(photo.content),
        width=photo.width, height=photo.height, captured_at=photo.captured_at, uploaded_at=now, uploaded_by_id=by.person,
    )  # fmt: skip
    store.write(attachment.code, photo.content)
    store.write(attachment.code, photo.thumbnail, store.THUMBNAIL)
    audit.record("attachment:keep", target=attachment, by=by, now=now, digest=attachment.digest)
    return attachment
